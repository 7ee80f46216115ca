package output

import (
	"bufio"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// yamlEncoder writes one document with the schema version and the list. What a
// record has below its own keys is in flow style.
type yamlEncoder struct {
	out   *bufio.Writer
	name  string
	keys  []string
	begun bool
}

func (e *yamlEncoder) row(record any, _ []string) error {
	text, err := encodeKeys(record, e.keys)
	if err != nil {
		return err
	}
	members, err := membersOf(text)
	if err != nil {
		return err
	}
	var lines strings.Builder
	if !e.begun {
		fmt.Fprintf(&lines, "schema: %d\n%s:\n", Schema, e.name)
	}
	e.begun = true
	lead := "  - "
	for _, m := range members {
		value, err := yamlValue(m.value)
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%s%s: %s\n", lead, yamlText(m.key), value)
		lead = "    "
	}
	if len(members) == 0 {
		lines.WriteString("  - {}\n")
	}
	_, err = e.out.WriteString(lines.String())
	return err
}

func (e *yamlEncoder) close(complete bool) error {
	end := ""
	if !e.begun {
		end = fmt.Sprintf("schema: %d\n%s: []\n", Schema, e.name)
	}
	if !complete {
		end += "incomplete: true\n"
	}
	_, err := e.out.WriteString(end)
	return err
}

// yamlValue writes a value of JSON. JSON is YAML, but for the pairs of surrogates
// in its escapes; a text is written as people write it where that is safe.
func yamlValue(value json.RawMessage) (string, error) {
	if value[0] != '"' {
		return yamlFlow(value)
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return "", err
	}
	return yamlText(text), nil
}

// yamlFlow rewrites the texts within a list or an object.
func yamlFlow(value json.RawMessage) (string, error) {
	var list []json.RawMessage
	switch {
	case value[0] == '[':
		if err := json.Unmarshal(value, &list); err != nil {
			return "", err
		}
		var items []string
		for _, item := range list {
			text, err := yamlValue(item)
			if err != nil {
				return "", err
			}
			items = append(items, text)
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	case value[0] == '{':
		members, err := membersOf(value)
		if err != nil {
			return "", err
		}
		var items []string
		for _, m := range members {
			text, err := yamlValue(m.value)
			if err != nil {
				return "", err
			}
			items = append(items, yamlText(m.key)+": "+text)
		}
		return "{" + strings.Join(items, ", ") + "}", nil
	}
	return string(value), nil // a number, a truth value or null
}

var plainYAML = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// yamlText is a text as a scalar that every version of YAML reads as a text: bare
// if it is one word, else in single quotes, where a backslash is a backslash, else
// in double quotes with escapes.
func yamlText(s string) string {
	words := []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}
	switch {
	case plainYAML.MatchString(s) && !slices.Contains(words, strings.ToLower(s)):
		return s
	case !strings.ContainsFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	var text strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			text.WriteString(`\` + string(r))
		case unicode.IsPrint(r):
			text.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&text, `\U%08x`, r)
		default:
			fmt.Fprintf(&text, `\u%04x`, r)
		}
	}
	return `"` + text.String() + `"`
}
