package audit_test

import (
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// some are findings with these fingerprints; one that begins with "-" is suppressed.
func some(prints ...string) []audit.Finding {
	var list []audit.Finding
	for _, print := range prints {
		f := audit.Finding{Fingerprint: print, Status: audit.Found}
		if print[0] == '-' {
			f.Fingerprint, f.Status = print[1:], audit.Suppressed
		}
		list = append(list, f)
	}
	return list
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name            string
		before, after   []string
		found, resolved []string
	}{
		{name: "nothing at all"},
		{name: "all new", after: []string{"b", "a"}, found: []string{"b", "a"}},
		{name: "all gone", before: []string{"b", "a"}, resolved: []string{"b", "a"}},
		{name: "the same in another order", before: []string{"a", "b"}, after: []string{"b", "a"}},
		{name: "one of each", before: []string{"a", "b"}, after: []string{"b", "c"}, found: []string{"c"}, resolved: []string{"a"}},
		{name: "accepted since", before: []string{"a"}, after: []string{"-a"}},
		{name: "accepted, and gone", before: []string{"-a"}},
		{name: "accepted from the start", after: []string{"-a"}},
		{name: "not accepted any more", before: []string{"-a"}, after: []string{"a"}, found: []string{"a"}},
		{name: "told twice", before: []string{"a", "a"}, after: []string{"b", "b"}, found: []string{"b"}, resolved: []string{"a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, resolved := audit.Compare(some(test.before...), some(test.after...))
			if got := prints(found); !slices.Equal(got, test.found) {
				t.Errorf("found %q, want %q", got, test.found)
			}
			if got := prints(resolved); !slices.Equal(got, test.resolved) {
				t.Errorf("resolved %q, want %q", got, test.resolved)
			}
		})
	}
}

func prints(list []audit.Finding) []string {
	var all []string
	for _, f := range list {
		all = append(all, f.Fingerprint)
	}
	return all
}
