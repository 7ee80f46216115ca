package plan

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// Template makes a value of a user's attributes.
type Template struct{ t *template.Template }

// maxValue bounds what a template makes, in octets. No valid value is as long.
const maxValue = 4 << 10

// Attributes are what a template may use of a user.
type Attributes struct {
	SAMAccountName, UPN, DN, SID, GUID string
	Domain                             string // NetBIOS name
	DNSDomain                          string
	Root, Dir                          string // the present values
}

func attributesOf(u ldapattr.User) Attributes {
	return Attributes{
		SAMAccountName: u.SAMAccountName, UPN: u.UPN, DN: u.DN, SID: u.SID, GUID: u.GUID.String(),
		Domain: u.NetBIOSDomain, DNSDomain: u.DNSDomain, Root: u.Root, Dir: u.Dir,
	}
}

// ParseTemplate reads a template (text/template) with the names of Attributes and
// the functions lower and upper. Loops and calls of other templates are refused:
// a value needs none, and what is left always ends. A name that does not exist is
// an error here, not at the first user.
func ParseTemplate(text string) (*Template, error) {
	if text == "" {
		return nil, errors.New("a template that is empty would take the attribute away; clear does that")
	}
	t, err := template.New("value").Funcs(template.FuncMap{"lower": strings.ToLower, "upper": strings.ToUpper}).Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("template %q: %s", text, plain(err))
	case len(t.Templates()) > 1:
		return nil, fmt.Errorf("template %q defines another template", text)
	}
	if err := onlySimple(t.Root); err != nil {
		return nil, fmt.Errorf("template %q %w", text, err)
	}
	return &Template{t}, nil
}

// onlySimple refuses what could go on for ever, and names that are no attributes.
func onlySimple(n parse.Node) error {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil { // an else that is not there
			return nil
		}
		return each(n.Nodes, onlySimple)
	case *parse.IfNode:
		return errors.Join(onlyKnown(n.Pipe), onlySimple(n.List), onlySimple(n.ElseList))
	case *parse.WithNode:
		return errors.Join(onlyKnown(n.Pipe), onlySimple(n.List), onlySimple(n.ElseList))
	case *parse.ActionNode:
		return onlyKnown(n.Pipe)
	case *parse.TextNode, *parse.CommentNode:
		return nil
	}
	return errors.New("holds more than values, if and with: " + n.String())
}

// onlyKnown refuses names of a pipeline that are no attributes.
func onlyKnown(n parse.Node) error {
	var names []string
	switch n := n.(type) {
	case *parse.PipeNode:
		return each(n.Cmds, func(c *parse.CommandNode) error { return each(c.Args, onlyKnown) })
	case *parse.FieldNode:
		names = n.Ident
	case *parse.VariableNode:
		names = n.Ident[1:]
	}
	known := reflect.TypeFor[Attributes]()
	for _, name := range names {
		if _, ok := known.FieldByName(name); !ok {
			return fmt.Errorf("asks for .%s, which is none of %s", name, attributeNames())
		}
	}
	return nil
}

func attributeNames() string {
	var names []string
	for i := range reflect.TypeFor[Attributes]().NumField() {
		names = append(names, "."+reflect.TypeFor[Attributes]().Field(i).Name)
	}
	return strings.Join(names, " ")
}

func each[T any](list []T, check func(T) error) error {
	for _, one := range list {
		if err := check(one); err != nil {
			return err
		}
	}
	return nil
}

// bounded ends a template that makes too much.
type bounded struct{ strings.Builder }

var errTooLong = errors.New("makes a value that is too long")

// Write keeps p while there is room.
func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxValue {
		return 0, errTooLong
	}
	return b.Builder.Write(p)
}

// value makes the value of one user. An empty one would take the attribute away,
// which nobody asks a template for.
func (t *Template) value(a Attributes) (string, error) {
	var out bounded
	if err := t.t.Execute(&out, a); err != nil {
		if errors.Is(err, errTooLong) {
			return "", errTooLong
		}
		return "", fmt.Errorf("fails: %s", plain(err))
	}
	if out.Len() == 0 {
		return "", errors.New("makes an empty value")
	}
	return out.String(), nil
}

// plain takes the beginning of an error away that only the template engine
// understands.
func plain(err error) string {
	text := strings.TrimPrefix(err.Error(), "template: ")
	if _, cause, ok := strings.Cut(text, ">: "); ok {
		text = cause
	}
	return strings.TrimPrefix(text, "value:1: ")
}

// Templates is the rule that gives users values by templates; a nil one leaves the
// attribute alone.
type Templates struct{ Root, Dir *Template }

// after returns the values that a user is to have.
func (t Templates) after(u ldapattr.User) (*Values, error) {
	after := &Values{Root: u.Root, Dir: u.Dir}
	a := attributesOf(u)
	for _, field := range []struct {
		flag  string
		t     *Template
		value *string
	}{{"root", t.Root, &after.Root}, {"dir", t.Dir, &after.Dir}} {
		if field.t == nil {
			continue
		}
		value, err := field.t.value(a)
		if err != nil {
			return nil, fmt.Errorf("the template of %s %w", field.flag, err)
		}
		*field.value = value
	}
	return after, nil
}
