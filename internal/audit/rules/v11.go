package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v11 finds what Windows cuts off, and what nobody sees.
func v11() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V11", Title: "blanks, dots or separators too many", Severity: audit.Medium, Fix: true,
		Explanation: "A value or a component of it begins or ends with a blank, ends with a dot, ends with a separator, or has two separators in a row. Windows drops some of these and refuses others, so that two values may name one folder.",
		Remedy:      "Write the value without them; --fix-plan does, where the rest is a valid value.",
		References:  []string{"Microsoft, Naming Files, Paths, and Namespaces"},
	}, Account: tidied(either(func(v value) string {
		switch body := withoutPrefix(v.text); {
		case whole(v.text) || isDevice(v.text):
		case strings.Trim(v.text, " ") != v.text:
			return "the value begins or ends with a blank"
		case strings.HasSuffix(body, `\`) || strings.HasSuffix(body, "/"):
			return "the value ends with a separator"
		case strings.Contains(strings.ReplaceAll(body, "/", `\`), `\\`):
			return "the value has two separators in a row"
		case v.attribute == homedir.AttrRoot && isUNC(v.text) && names(body) > 1 && separator(rune(body[0])):
			return "the value begins with more than two separators"
		default:
			return looseEnd(body)
		}
		return ""
	}), tidy)}
}

// looseEnd tells of a component that Windows would shorten.
func looseEnd(body string) string {
	for _, name := range strings.FieldsFunc(body, separator) {
		if cut := strings.Trim(name, " "); name != "." && name != ".." && strings.TrimRight(cut, ".") != name {
			return "a component begins or ends with a blank, or ends with a dot"
		}
	}
	return ""
}

// withoutPrefix takes away the separators that a path may begin with, and the root of
// a drive.
func withoutPrefix(text string) string {
	switch {
	case isUNC(text):
		return text[2:]
	case hasDrive(text) && len(text) == 3, text == "/", text == `\`:
		return ""
	case text != "" && separator(rune(text[0])):
		return text[1:]
	}
	return text
}

// tidy writes a value without what v11 finds.
func tidy(text string) string {
	text = strings.Trim(text, " ")
	body := withoutPrefix(text)
	prefix := strings.TrimSuffix(text, body)
	names := strings.FieldsFunc(body, separator)
	for i, name := range names {
		if name != "." && name != ".." {
			names[i] = strings.TrimRight(strings.TrimLeft(name, " "), " .")
		}
	}
	return prefix + strings.Join(names, `\`)
}
