package output

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode"
	"unicode/utf8"
)

// Bounds of a template, in bytes: its text, and what one function or one record
// may make of it.
const (
	maxTemplate = 4 << 10
	maxExpanded = 64 << 10
)

// Template is a text/template that ends: it has conditions and functions, but no
// loops, definitions or assignments, so that what it makes of a record is bounded.
type Template struct{ parsed *template.Template }

var errTooLong = fmt.Errorf("the template makes more than %d bytes of one record", maxExpanded)

// ParseTemplate reads a template, as in {{.user}} lives in {{.root}}. The error
// says where it is wrong, in words for the person who wrote it.
func ParseTemplate(text string) (*Template, error) {
	if len(text) > maxTemplate {
		return nil, fmt.Errorf("the template has more than %d bytes", maxTemplate)
	}
	parsed, err := template.New("template").Option("missingkey=error").Funcs(functions()).Parse(text)
	if err != nil {
		return nil, err
	}
	if len(parsed.Templates()) > 1 || parsed.Tree == nil {
		return nil, errors.New("the template defines others, which is not possible here")
	}
	if what := unbounded(parsed.Root); what != "" {
		return nil, fmt.Errorf("the template has %s, which is not possible here", what)
	}
	return &Template{parsed}, nil
}

// Expand returns what the template makes of values, whose keys can be written with
// a capital letter, too. An absent value is ""; a key that is not there is an error.
func (t *Template) Expand(values map[string]any) (string, error) {
	data := make(map[string]any, 2*len(values))
	for key, value := range values {
		if value == nil {
			value = ""
		}
		data[capitalized(key)] = value
	}
	for key := range values {
		data[key] = data[capitalized(key)]
	}
	var text bounded
	if err := t.parsed.Execute(&text, data); err != nil {
		const most = 180 // it quotes the template, which need not be short
		reason := []rune(strings.TrimPrefix(err.Error(), "template: "))
		return "", fmt.Errorf("template: %s", string(reason[:min(len(reason), most)]))
	}
	return text.String(), nil
}

func capitalized(key string) string {
	first, size := utf8.DecodeRuneInString(key)
	return string(unicode.ToUpper(first)) + key[size:]
}

// bounded gathers text up to maxExpanded.
type bounded struct{ strings.Builder }

// Write adds p, unless that is too much.
func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxExpanded {
		return 0, errTooLong
	}
	return b.Builder.Write(p)
}

// unbounded names what could make a template run or grow without end.
func unbounded(node parse.Node) string {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return ""
		}
		for _, child := range n.Nodes {
			if what := unbounded(child); what != "" {
				return what
			}
		}
	case *parse.IfNode:
		return branches(n.BranchNode)
	case *parse.WithNode:
		return branches(n.BranchNode)
	case *parse.ActionNode:
		return assigns(n.Pipe)
	case *parse.RangeNode:
		return "a loop"
	case *parse.TemplateNode:
		return "another template"
	}
	return ""
}

func branches(n parse.BranchNode) string {
	for _, what := range []string{assigns(n.Pipe), unbounded(n.List), unbounded(n.ElseList)} {
		if what != "" {
			return what
		}
	}
	return ""
}

func assigns(pipe *parse.PipeNode) string {
	if pipe != nil && len(pipe.Decl) > 0 {
		return "a variable"
	}
	return ""
}

// functions are those that templates have, in place of text/template's own where
// these could make too much of too little.
func functions() template.FuncMap {
	short := func(make func(...any) string) func(...any) (string, error) {
		return func(args ...any) (string, error) {
			text := make(args...)
			if len(text) > maxExpanded {
				return "", errTooLong
			}
			return text, nil
		}
	}
	return template.FuncMap{
		"print":    short(fmt.Sprint),
		"println":  short(fmt.Sprintln),
		"html":     short(func(args ...any) string { return template.HTMLEscapeString(fmt.Sprint(args...)) }),
		"js":       short(func(args ...any) string { return template.JSEscapeString(fmt.Sprint(args...)) }),
		"urlquery": short(template.URLQueryEscaper),
		"printf":   printf,
		"json":     jsonText,
		"lower":    short(func(args ...any) string { return strings.ToLower(fmt.Sprint(args...)) }),
		"upper":    short(func(args ...any) string { return strings.ToUpper(fmt.Sprint(args...)) }),
	}
}

// wide is a width or a precision that makes much of little.
var wide = regexp.MustCompile(`[0-9]{4}|\*`)

func printf(format string, args ...any) (string, error) {
	if wide.MatchString(format) {
		return "", errors.New("a width in printf has at most three digits")
	}
	text := fmt.Sprintf(format, args...)
	if len(text) > maxExpanded {
		return "", errTooLong
	}
	return text, nil
}

// jsonText gives a value exactly, in quotes.
func jsonText(v any) (string, error) {
	text, err := encode(v)
	return string(text), err
}

// templateEncoder expands a template for each record, and ends it with a line end
// if it has none. Texts are made harmless, so that a record is what the template
// makes of it; {{json .key}} gives them exactly.
type templateEncoder struct {
	out    *bufio.Writer
	text   string
	parsed *Template
}

func (e *templateEncoder) row(record any, _ []string) error {
	if e.parsed == nil {
		parsed, err := ParseTemplate(e.text)
		if err != nil {
			return err
		}
		e.parsed = parsed
	}
	object, err := encode(record)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return err
	}
	for key, value := range values {
		values[key] = harmless(value)
	}
	line, err := e.parsed.Expand(values)
	if err != nil {
		return err
	}
	if !strings.HasSuffix(line, "\n") {
		line += "\n"
	}
	_, err = e.out.WriteString(line)
	return err
}

func (e *templateEncoder) close(bool) error { return nil }

// cell is a text that prints without what a terminal could obey, and still is the
// exact text to eq and json.
type cell string

// String returns the text made harmless.
func (c cell) String() string { return Printable(string(c)) }

// harmless turns the texts of a value into cells, and numbers into Go's own.
func harmless(value any) any {
	switch v := value.(type) {
	case string:
		return cell(v)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		n, _ := v.Float64() // it was a number of JSON
		return n
	case []any:
		for i := range v {
			v[i] = harmless(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = harmless(v[key])
		}
	}
	return value
}
