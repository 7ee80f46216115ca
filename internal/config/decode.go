package config

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder walks a YAML tree and a record side by side. It notes every problem
// and goes on, so that an administrator sees all of them at once.
type decoder struct {
	problems []Problem
	lines    map[string]int // path of a key → its line, for validate
}

func (d *decoder) fail(line int, path, format string, args ...any) {
	d.problems = append(d.problems, Problem{line, path, fmt.Sprintf(format, args...)})
}

// at notes a problem of a value that was read from path, or of its nearest
// ancestor in the file when the value is a default.
func (d *decoder) at(path, format string, args ...any) {
	line, known := 0, false
	for p := path; p != "" && !known; p = parent(p) {
		line, known = d.lines[p]
	}
	d.fail(line, path, format, args...)
}

func parent(path string) string {
	if i := strings.LastIndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return ""
}

func (d *decoder) value(n *yaml.Node, path string, to reflect.Value) {
	if _, known := d.lines[path]; !known {
		d.lines[path] = n.Line
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		// An alias can blow a small file up to any size; nobody needs one here.
		d.fail(n.Line, path, `anchors and aliases are not accepted; put a name that begins with * or & in quotes`)
	case to.Type() == reflect.TypeFor[namespaces]():
		to.Set(reflect.ValueOf(d.namespaces(n, path)))
	case isRecord(to):
		d.record(n, path, to)
	case to.Kind() == reflect.Slice:
		d.list(n, path, to)
	case n.Kind != yaml.ScalarNode:
		d.fail(n.Line, path, "takes one value, not a %s", kindName(n))
	case n.Tag == "!!null":
		d.fail(n.Line, path, "has no value; delete the line, or write '' for an empty text")
	default:
		if err := scalar(n.Value, to.Addr().Interface()); err != nil {
			d.fail(n.Line, path, "%s", err)
		}
	}
}

// isRecord tells the structs of this package from values that happen to be
// structs, such as addresses.
func isRecord(v reflect.Value) bool {
	return v.Kind() == reflect.Struct && v.NumField() > 0 && v.Type().Field(0).Tag.Get("yaml") != ""
}

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "section"
	case yaml.SequenceNode:
		return "list"
	}
	return "value"
}

func (d *decoder) record(n *yaml.Node, path string, to reflect.Value) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // a section whose keys are all commented out
	}
	if n.Kind != yaml.MappingNode {
		what := "is a section and takes keys, not a %s"
		if path == "" {
			what = "the file takes keys, such as key: value, and here is a %s"
		}
		d.fail(n.Line, path, what, kindName(n))
		return
	}
	fields := fieldsOf(to.Type())
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, known := fields[key.Value]
		where := strings.TrimPrefix(path+"."+key.Value, ".")
		switch first := seen[key.Value]; {
		case !known || key.Kind != yaml.ScalarNode:
			d.fail(key.Line, where, "%s", unknown(key.Value, fields))
		case first != 0:
			d.fail(key.Line, where, "is given twice; the first is in line %d", first)
		default:
			d.lines[where] = key.Line
			d.value(value, where, to.FieldByIndex(field))
		}
		seen[key.Value] = key.Line
	}
}

// fieldsOf finds the fields of a record by their keys, those of inlined records
// among them.
func fieldsOf(t reflect.Type) map[string][]int {
	fields := map[string][]int{}
	for _, field := range reflect.VisibleFields(t) {
		if key := field.Tag.Get("yaml"); key != "" && key != inlined {
			fields[key] = field.Index
		}
	}
	return fields
}

// inlined is the tag of a record whose keys stand among those of the one around it.
const inlined = ",inline"

func (d *decoder) list(n *yaml.Node, path string, to reflect.Value) {
	element := to.Type().Elem()
	items := n.Content
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		items = nil
	case n.Kind == yaml.ScalarNode && !isRecord(reflect.New(element).Elem()):
		items = commaList(n) // IIS writes its flags as "StyleUnix, LongDate"
	case n.Kind != yaml.SequenceNode:
		d.fail(n.Line, path, "takes a list, not a %s", kindName(n))
		return
	}
	list := reflect.MakeSlice(to.Type(), 0, len(items))
	for i, item := range items {
		v := reflect.New(element).Elem()
		switch to := v.Addr().Interface().(type) {
		case *Site:
			*to = DefaultSite()
		case *Profile:
			*to = defaultProfile()
		case *AuthorizationRule:
			*to = DefaultAuthorizationRule()
		}
		d.value(item, fmt.Sprintf("%s[%d]", path, i), v)
		list = reflect.Append(list, v)
	}
	to.Set(list)
}

func commaList(n *yaml.Node) []*yaml.Node {
	var items []*yaml.Node
	for part := range strings.SplitSeq(n.Value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			items = append(items, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: part, Line: n.Line})
		}
	}
	return items
}
