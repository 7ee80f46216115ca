package output

import "fmt"

// Format is a form of output. *Format is a flag value.
type Format string

// The forms. Table is tab-separated where the output is no terminal.
const (
	Table Format = "table"
	JSON  Format = "json"
	CSV   Format = "csv"
)

// Formats returns the names of all forms, for help and completion.
func Formats() []string { return []string{string(Table), string(JSON), string(CSV)} }

// Set accepts the name of a form.
func (f *Format) Set(s string) error {
	for _, name := range Formats() {
		if s == name {
			*f = Format(s)
			return nil
		}
	}
	return fmt.Errorf("the form of output is table, json or csv, not %q", s)
}

// String returns the name.
func (f *Format) String() string { return string(*f) }

// Type returns the word that help shows for the value.
func (f *Format) Type() string { return "FORM" }
