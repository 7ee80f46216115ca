package ldapattr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestUpdate_comparesAndSwaps(t *testing.T) { testSwap(t, open(t, newCorp(t).asAdmin()), "alice") }

func TestUpdate_isOneModify(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	u := lookup(t, d, "alice")
	root, dir := `\\fs02\x`, "y"
	if _, err := d.Update(t.Context(), u, ldapattr.Update{Root: &root, Dir: &dir}); err != nil {
		t.Fatal(err)
	}
	if n := s.Stats().Modifies; n != 1 {
		t.Errorf("%d modifies", n)
	}
	// Nothing to do is no write.
	u = lookup(t, d, "alice")
	for _, change := range []ldapattr.Update{{}, {Root: &root}, {Root: &root, Dir: &dir}, {Force: true}} {
		if now, err := d.Update(t.Context(), u, change); err != nil || now != u {
			t.Errorf("Update(%+v) = %+v, %v", change, now, err)
		}
	}
	if n := s.Stats().Modifies; n != 1 {
		t.Errorf("%d modifies after updates that change nothing", n)
	}
}

func TestUpdate_refusesValuesBeforeSending(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	u, before := lookup(t, d, "alice"), s.Stats()
	good := "x"
	for _, root := range []string{"alice", `\\fs01`, `\\fs01\ipc$`, "D:", strings.Repeat("x", 257), "\\\\fs01\\s\n"} {
		_, err := d.Update(t.Context(), u, ldapattr.Update{Root: &root, Dir: &good, Force: true})
		asError(t, err, ldapattr.ErrValue)
		var value *homedir.ValueError
		if !errors.As(err, &value) || value.Attr != homedir.AttrRoot {
			t.Errorf("Update to %q: %v", root, err)
		}
	}
	if after := s.Stats(); after.Modifies != before.Modifies || after.Searches != before.Searches {
		t.Error("something was sent")
	}
}

func TestUpdate_needsRights(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.as("alice@corp.example.com", alicePass))
	u, dir := lookup(t, d, "bob"), "mine"
	_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir})
	e := asError(t, err, ldapattr.ErrRights)
	if winerr.Of(err) != winerr.AccessDenied || !strings.Contains(e.Hint, homedir.AttrRoot) || !strings.Contains(e.Hint, "Write Property") {
		t.Errorf("code %d, hint %q", winerr.Of(err), e.Hint)
	}
	if now := lookup(t, d, "bob"); now != u {
		t.Errorf("bob is %+v now", now)
	}
}

func TestUpdate_ofWhatIsNotThere(t *testing.T) {
	d := open(t, newCorp(t).asAdmin())
	u, dir := lookup(t, d, "alice"), "x"
	gone := u
	gone.DN = "CN=Gone,OU=Staff," + baseDN
	_, err := d.Update(t.Context(), gone, ldapattr.Update{Dir: &dir})
	asError(t, err, ldapattr.ErrNotFound)
	for _, dn := range []string{"", "alice", "CN=Alice,DC=other,DC=example,DC=com"} {
		u.DN = dn
		_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir})
		asError(t, err, ldapattr.ErrUsage)
	}
	// Another object has come to the name.
	mallory := lookup(t, d, "mallory")
	mallory.DN = lookup(t, d, "bob").DN
	_, err = d.Update(t.Context(), mallory, ldapattr.Update{Dir: &mallory.Dir})
	asError(t, err, ldapattr.ErrConflict)
}

// When the answer is lost nobody knows; the error says so, and the modify is not
// sent again.
func TestUpdate_saysWhenItDoesNotKnow(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	u, dir := lookup(t, d, "alice"), "x"
	s.SetFaults(adsim.Faults{Lose: true, Only: adsim.OpModify})
	_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir})
	if e := asError(t, err, ldapattr.ErrUnreachable); !strings.Contains(e.Hint, "not known") {
		t.Errorf("hint %q", e.Hint)
	}
	s.SetFaults(adsim.Faults{})
	if n := s.Stats().Modifies; n != 1 {
		t.Errorf("%d modifies", n)
	}
	if now := lookup(t, d, "alice"); now.Dir != dir {
		t.Errorf("the test's own premise is wrong: %+v", now)
	}
}

func BenchmarkUpdate(b *testing.B) {
	d := open(b, newCorp(b).asAdmin())
	u := lookup(b, d, "alice")
	dirs := [2]string{"a", "b"}
	for i := 0; b.Loop(); i++ {
		now, err := d.Update(b.Context(), u, ldapattr.Update{Dir: &dirs[i%2]})
		if err != nil {
			b.Fatal(err)
		}
		u = now
	}
}
