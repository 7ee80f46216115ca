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
	open := func(account lab.Account) *ldapattr.Forest {
		t.Helper()
		f, err := ldapattr.OpenForest(t.Context(), ldaps(t, account))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	f := open(lab.Administrator)
	d := f.Home()
	u := labLookup(t, d, lab.Grace)
	stamp := func() ldapattr.Stamp {
		t.Helper()
		s, err := f.Stamp(t.Context(), u)
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
	s, err := open(lab.Service).Stamp(t.Context(), u)
	if err != nil || s.Changed.IsZero() {
		t.Errorf("as a plain account: %+v, %v", s, err)
	}
	t.Logf("as a plain account: %+v", s)
}
