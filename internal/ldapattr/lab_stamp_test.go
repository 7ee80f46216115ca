//go:build lab

package ldapattr_test

import (
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// The identifiers of the two attributes and the form of the replication data are
// those of a real domain controller: each change of one attribute counts there, and
// nowhere else.
func TestLab_stamp(t *testing.T) {
	d := labOpen(t, ldaps(t, lab.Administrator))
	u := labLookup(t, d, lab.Grace)
	stamp := func() ldapattr.Stamp {
		t.Helper()
		s, err := ldapattr.StampOf(t.Context(), d, u)
		if err != nil || !s.Known || time.Since(s.Changed).Abs() > 24*time.Hour {
			t.Fatalf("%+v, %v", s, err)
		}
		return s
	}
	before := stamp()
	was := u.Dir
	for i, value := range []string{"once", "twice", was} {
		value := value
		var err error
		if u, err = d.Update(t.Context(), u, ldapattr.Update{Dir: &value, Force: true}); err != nil {
			t.Fatal(err)
		}
		now := stamp()
		if now.Root != before.Root || now.Dir.Number != before.Dir.Number+uint32(i)+1 || now.Dir.Time < before.Dir.Time {
			t.Errorf("after %d changes of msIIS-FTPDir: %+v, before %+v", i+1, now, before)
		}
	}
	// Who may not read it is told by whenChanged.
	plain := labOpen(t, ldaps(t, lab.Service))
	s, err := ldapattr.StampOf(t.Context(), plain, u)
	if err != nil || s.Changed.IsZero() {
		t.Errorf("as a plain account: %+v, %v", s, err)
	}
	t.Logf("as a plain account: %+v", s)
}
