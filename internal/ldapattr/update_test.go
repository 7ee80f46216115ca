package ldapattr_test

import (
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestUpdate_comparesAndSwaps(t *testing.T) { testSwap(t, open(t, newCorp(t).asAdmin()), "alice") }

func TestUpdate_comparesBothAttributes(t *testing.T) {
	testRaces(t, open(t, newCorp(t).asAdmin()), "bob")
}

func TestUpdate_followsTheObject(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	u := lookup(t, d, "alice")
	admin := s.dial(t)
	if err := admin.ModifyDN(ldap.NewModifyDNRequest(u.DN, "CN=Alice Old", true, "OU=Other,"+baseDN)); err != nil {
		t.Fatal(err)
	}
	add := ldap.NewAddRequest(u.DN, nil)
	add.Attribute("objectClass", []string{"user"})
	add.Attribute("sAMAccountName", []string{"alice2"})
	if err := admin.Add(add); err != nil {
		t.Fatal(err)
	}
	testMoved(t, d, u, lookup(t, d, "alice2"))
}

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
	gone.GUID[0] ^= 1
	for _, force := range []bool{false, true} {
		_, err := d.Update(t.Context(), gone, ldapattr.Update{Dir: &dir, Force: force})
		asError(t, err, ldapattr.ErrNotFound)
	}
	for _, dn := range []string{"", "alice", "CN=Alice,DC=other,DC=example,DC=com"} {
		u.DN = dn
		_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir})
		asError(t, err, ldapattr.ErrUsage)
	}
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

// The change was made and the answer says so, but then the connection ends: who
// tries again must know.
func TestUpdate_saysWhenOnlyReadingBackFailed(t *testing.T) {
	s := newLax(t)
	var cut atomic.Bool
	address := accept(t, func(conn net.Conn) {
		relay(conn, s.ldap, func(conn, behind net.Conn) {
			var answer [4096]byte
			for {
				n, err := behind.Read(answer[:])
				if err != nil {
					return
				}
				last := cut.Load() && s.Stats().Modifies > 0 // before the client can go on
				if _, err := conn.Write(answer[:n]); err != nil || last {
					return
				}
			}
		})
	})
	cfg := s.asAdmin()
	cfg.Servers, cfg.AllowPlaintext = []string{"ldap://" + address}, true
	d := open(t, cfg)
	u, dir := lookup(t, d, "alice"), "x"
	cut.Store(true)
	_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir})
	if e := asError(t, err, ldapattr.ErrUnreachable); !strings.Contains(e.Error(), "the change was made") || !strings.Contains(e.Hint, "was made") {
		t.Errorf("error %v, hint %q", e, e.Hint)
	}
	if n := s.Stats().Modifies; n != 1 {
		t.Errorf("%d modifies", n)
	}
	cut.Store(false)
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
