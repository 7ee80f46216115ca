package ldapattr_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// groups are nested three deep, with a circle; alice is in the innermost.
const groups = `dn: CN=Outer,OU=Other,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: outer
member: CN=Middle Group,OU=Other,DC=corp,DC=example,DC=com

dn: CN=Middle Group,OU=Other,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: Middle Group
member: CN=Inner,OU=Other,DC=corp,DC=example,DC=com

dn: CN=Inner,OU=Other,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: inner
member: CN=Alice,OU=Staff,DC=corp,DC=example,DC=com
member: CN=Outer,OU=Other,DC=corp,DC=example,DC=com

dn: CN=Strangers,OU=Other,DC=corp,DC=example,DC=com
objectClass: group
sAMAccountName: strangers

`

// groupsOf are the groups of a user as text.
func groupsOf(ctx context.Context, d *ldapattr.Directory, u ldapattr.User) ([]string, error) {
	permissions := ldapattr.Permissions{Directory: d}
	sids, err := permissions.TokenGroups(ctx, u)
	var texts []string
	for _, sid := range sids {
		texts = append(texts, sid.String())
	}
	return texts, err
}

func groupSID(t *testing.T, d *ldapattr.Directory, name string) string {
	t.Helper()
	sid, err := accountName(t, name).GroupSID(t.Context(), d)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return sid
}

func TestGroups_nested(t *testing.T) {
	d := open(t, newSim(t, "corp.example.com", seed+groups).asAdmin())
	got, err := groupsOf(t.Context(), d, lookup(t, d, "alice"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"outer", "Middle Group", "inner", "Domain Users"} {
		if !slices.Contains(got, groupSID(t, d, name)) {
			t.Errorf("%s is not among %v", name, got)
		}
	}
	if slices.Contains(got, groupSID(t, d, "strangers")) {
		t.Error("alice is among the strangers")
	}
	bob, err := groupsOf(t.Context(), d, lookup(t, d, "bob"))
	if err != nil || slices.Contains(bob, groupSID(t, d, "outer")) {
		t.Errorf("bob is in %v, %v", bob, err)
	}
}

func TestGroupSID_everyForm(t *testing.T) {
	d := open(t, newSim(t, "corp.example.com", seed+groups).asAdmin())
	want := groupSID(t, d, "outer")
	for _, name := range []string{"OUTER", `CORP\outer`, `corp.example.com\Outer`, "CN=Outer,OU=Other," + baseDN, "cn=outer,ou=other," + strings.ToLower(baseDN), want} {
		if got := groupSID(t, d, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := groupSID(t, d, "s-1-5-21-9-8-7-512"); got != "S-1-5-21-9-8-7-512" {
		t.Errorf("a SID of another domain is %s", got)
	}
	for name, want := range map[string]error{
		"nobody": ldapattr.ErrNotFound, "alice": ldapattr.ErrNotFound, `OTHER\outer`: ldapattr.ErrNotFound,
		"CN=Outer,DC=other,DC=example": ldapattr.ErrNotFound, "CN=Alice,OU=Staff," + baseDN: ldapattr.ErrNotFound,
		"outer*": ldapattr.ErrNotFound, "outer@corp.example.com": ldapattr.ErrUsage,
	} {
		if _, err := accountName(t, name).GroupSID(t.Context(), d); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
}

// The groups are those of the object, wherever it has been moved to, and of no
// other that has taken its name.
func TestGroups_ofTheObjectAlone(t *testing.T) {
	d := open(t, newSim(t, "corp.example.com", seed+groups).asAdmin())
	alice, bob := lookup(t, d, "alice"), lookup(t, d, "bob")
	alice.DN = bob.DN
	got, err := groupsOf(t.Context(), d, alice)
	if err != nil || !slices.Contains(got, groupSID(t, d, "inner")) {
		t.Errorf("got %v, %v, want alice's groups", got, err)
	}
	alice.GUID = ldapattr.GUID{1}
	if _, err := groupsOf(t.Context(), d, alice); !errors.Is(err, ldapattr.ErrNotFound) {
		t.Errorf("an object that is gone: %v", err)
	}
}

// Without an answer there is no "in no group".
func TestGroups_failures(t *testing.T) {
	s := newSim(t, "corp.example.com", seed+groups)
	d := open(t, s.asAdmin())
	alice := lookup(t, d, "alice")
	s.SetFaults(adsim.Faults{Only: adsim.OpSearch, Refuse: true, Drop: true})
	if got, err := groupsOf(t.Context(), d, alice); err == nil {
		t.Errorf("a silent directory says %v", got)
	}
	s.SetFaults(adsim.Faults{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := groupsOf(ctx, d, alice); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v after the end", got, err)
	}
}

// An account that may not read the attribute finds no value, which must not look
// like a user without groups.
func TestGroups_unreadable(t *testing.T) {
	s := newLax(t)
	cfg := s.asAdmin()
	cfg.AllowPlaintext = true
	cfg.Servers = []string{"ldap://" + accept(t, func(conn net.Conn) {
		defer conn.Close()
		behind, err := net.Dial("tcp", strings.TrimPrefix(s.ldap, "ldap://"))
		if err != nil {
			return
		}
		defer behind.Close()
		go func() { _, _ = io.Copy(conn, behind) }()
		for request := make([]byte, 4096); ; {
			n, err := conn.Read(request)
			if err != nil {
				return
			}
			if _, err := behind.Write(bytes.ReplaceAll(request[:n], []byte("tokenGroups"), []byte("tokenGroupz"))); err != nil {
				return
			}
		}
	})}
	d := open(t, cfg)
	if got, err := groupsOf(t.Context(), d, lookup(t, d, "alice")); !errors.Is(err, ldapattr.ErrRights) {
		t.Errorf("got %v, %v, want %v", got, err, ldapattr.ErrRights)
	}
}

func TestUser_Is(t *testing.T) {
	d := open(t, newCorp(t).asAdmin())
	bob, mallory := lookup(t, d, "bob"), lookup(t, d, "mallory")
	for _, name := range []string{"BOB", `CORP\bob`, `corp.example.com\Bob`, bob.SID, strings.ToLower(bob.SID), bob.GUID.String()} {
		n := accountName(t, name)
		if !n.Fixed() || !bob.Is(n, d.Domain()) || mallory.Is(n, d.Domain()) {
			t.Errorf("%s: fixed %v, bob %v, mallory %v", name, n.Fixed(), bob.Is(n, d.Domain()), mallory.Is(n, d.Domain()))
		}
	}
	if bob.Is(accountName(t, `OTHER\bob`), d.Domain()) {
		t.Error("bob of another domain is ours")
	}
	// mallory's userPrincipalName says bob@corp.example.com.
	for _, name := range []string{"bob@corp.example.com", bob.DN} {
		if n := accountName(t, name); n.Fixed() || bob.Is(n, d.Domain()) || mallory.Is(n, d.Domain()) {
			t.Errorf("%s means somebody", name)
		}
	}
}
