package output

import (
	"fmt"
	"strings"
)

// Format is a form of output. *Format is a flag value; the zero value is Auto.
type Format string

// The forms.
const (
	Auto  Format = ""      // a table on a terminal, tab-separated lines elsewhere
	Table Format = "table" // aligned columns
	TSV   Format = "tsv"   // tab-separated lines
	CSV   Format = "csv"   // RFC 4180, formulas disarmed
	JSON  Format = "json"  // one object with the list
	JSONL Format = "jsonl" // one object a line
	YAML  Format = "yaml"
	LDIF  Format = "ldif" // RFC 2849
	Name  Format = "name" // the first column alone, one a line

	templatePrefix = "template=" // and the text of a Template
)

// Formats returns the names of all forms, for help and completion.
func Formats() []string {
	var names []string
	for _, f := range []Format{Table, TSV, CSV, JSON, JSONL, YAML, LDIF, Name, templatePrefix} {
		names = append(names, string(f))
	}
	return names
}

// Set accepts the name of a form, or "template=" and a template that can be used.
func (f *Format) Set(s string) error {
	if text, ok := strings.CutPrefix(s, templatePrefix); ok {
		if _, err := ParseTemplate(text); err != nil {
			return err
		}
		*f = Format(s)
		return nil
	}
	for _, name := range Formats() {
		if s == name {
			*f = Format(s)
			return nil
		}
	}
	return fmt.Errorf("the form of output is one of %s, not %q", strings.Join(Formats(), ", "), s)
}

// String returns the name.
func (f *Format) String() string { return string(*f) }

// Type returns the word that help shows for the value.
func (f *Format) Type() string { return "FORM" }

// Streams reports whether records are shown as they come, rather than at the end.
func (f Format) Streams(terminal bool) bool {
	return f != Table && (f != Auto || !terminal)
}
