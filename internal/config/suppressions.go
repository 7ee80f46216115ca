package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Suppression accepts what one rule of the audit finds at some objects.
type Suppression struct {
	Rule   string `yaml:"rule"`
	Object string `yaml:"object"` // login, DN or location; * stands for anything
	Reason string `yaml:"reason"` // who accepts it, and why
	Until  string `yaml:"until"`  // last day, as 2026-12-31; "": for ever
}

// suppressions is the file.
type suppressions struct {
	List []Suppression `yaml:"suppressions"`
}

// LoadSuppressions reads the file of accepted findings at path: a list under the key
// suppressions. The error is an *Error.
func LoadSuppressions(path string) ([]Suppression, error) {
	text, err := read(path)
	if err != nil {
		return nil, &Error{Name: path, Err: err}
	}
	if len(text) > maxSize {
		return nil, &Error{Name: path, Problems: []Problem{{Text: fmt.Sprintf("has more than %d bytes", maxSize)}}}
	}
	node, problem := document(text)
	if problem != nil {
		return nil, &Error{Name: path, Problems: []Problem{*problem}}
	}
	var file suppressions
	d := &decoder{lines: map[string]int{}}
	if node != nil {
		d.value(node, "", reflect.ValueOf(&file).Elem())
	}
	for i, s := range file.List {
		where := fmt.Sprintf("suppressions[%d]", i)
		for key, value := range map[string]string{".rule": s.Rule, ".object": s.Object, ".reason": s.Reason} {
			if len(d.problems) == 0 && strings.TrimSpace(value) == "" {
				d.at(where+key, "is missing")
			}
		}
		if _, err := time.Parse(time.DateOnly, s.Until); s.Until != "" && err != nil {
			d.at(where+".until", "is no date such as 2026-12-31")
		}
	}
	if len(d.problems) > 0 {
		return nil, &Error{Name: path, Problems: d.problems}
	}
	return file.List, nil
}
