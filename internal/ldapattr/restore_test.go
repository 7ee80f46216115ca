package ldapattr_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// What nobody could set today comes back, and is compared as any other change.
func TestUpdate_restores(t *testing.T) {
	d := open(t, newCorp(t).asAdmin())
	u := lookup(t, d, "alice")
	former := `..\bob`
	_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &former})
	asError(t, err, ldapattr.ErrValue)
	now, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &former, Restore: true})
	if err != nil || now.Dir != former {
		t.Errorf("got %q, %v", now.Dir, err)
	}
	_, err = d.Update(t.Context(), u, ldapattr.Update{Dir: &former, Restore: true})
	asError(t, err, ldapattr.ErrConflict)
	if got := homedir.CheckDir(now.Dir); got == nil {
		t.Error("the value is one that could be set")
	}
}

func TestParseGUID(t *testing.T) {
	u := lookup(t, open(t, newCorp(t).asAdmin()), "alice")
	for _, text := range []string{u.GUID.String(), "{" + u.GUID.String() + "}"} {
		if got, err := ldapattr.ParseGUID(text); err != nil || got != u.GUID {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
	_, err := ldapattr.ParseGUID("alice")
	asError(t, err, ldapattr.ErrUsage)
}
