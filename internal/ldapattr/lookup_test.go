package ldapattr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestLookup_everyFormFindsTheSameUser(t *testing.T) {
	d := open(t, newCorp(t).asAdmin())
	want := lookup(t, d, "alice")
	if want.DN != "CN=Alice,OU=Staff,"+baseDN || want.DownLevelName() != `CORP\alice` || want.Root != `\\fs01.corp.example.com\ftp$` ||
		want.Dir != "alice" || !want.Account.Known || !want.Account.Enabled || !strings.HasPrefix(want.SID, "S-1-5-21-") {
		t.Fatalf("alice is %+v", want)
	}
	guid := want.GUID.String()
	for _, name := range []string{"ALICE", `CORP\alice`, `corp\Alice`, `corp.example.com\alice`, "alice@corp.example.com", "ALICE@Corp.Example.Com",
		want.DN, strings.ToLower(want.DN), want.SID, strings.ToLower(want.SID), guid, strings.ToUpper(guid), "{" + guid + "}"} {
		if got := lookup(t, d, name); got != want {
			t.Errorf("%q is %+v, want %+v", name, got, want)
		}
	}
}

func TestLookup_specialCharactersStandForThemselves(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	for _, name := range []string{"smith (x)*", `CN=Smith\, John,OU=Other,` + baseDN} {
		if got := lookup(t, d, name).SAMAccountName; got != "smith (x)*" {
			t.Errorf("%q is %q", name, got)
		}
	}
	for _, name := range []string{"*", "a*", "alice)(sAMAccountName=bob", "*)(objectClass=*", `alice\2a@x`, "(&)", "al\u200bice@corp.example.com"} {
		parsed, err := ldapattr.ParseAccountName(name, "")
		if err != nil {
			continue
		}
		if u, err := d.Lookup(t.Context(), parsed); !errors.Is(err, ldapattr.ErrNotFound) {
			t.Errorf("%q finds %q, %v", name, u.DN, err)
		}
	}
	for _, filter := range s.Stats().Filters {
		if strings.Contains(filter, "=*)") && !strings.Contains(filter, "objectClass=*") || strings.Count(filter, "(") > 4 {
			t.Errorf("the directory was asked %s", filter)
		}
	}
}

func TestLookup_findsOnlyUsersOfThisDomain(t *testing.T) {
	d := open(t, newCorp(t).asAdmin())
	for _, name := range []string{"nobody", "nobody@corp.example.com", "alice@elsewhere.example", `OTHER\alice`, "pc7$", "pc7@corp.example.com", "OU=Staff," + baseDN,
		"CN=PC7,OU=Staff," + baseDN, "CN=Friend,OU=Staff," + baseDN, "CN=Nobody,OU=Staff," + baseDN, "CN=Alice,OU=Staff,DC=other,DC=example,DC=com",
		"S-1-5-21-1-2-3-4", "{00000000-0000-0000-0000-000000000001}"} {
		_, err := d.Lookup(t.Context(), accountName(t, name))
		e := asError(t, err, ldapattr.ErrNotFound)
		if e.Hint == "" || winerr.Of(err) != winerr.NoSuchUser {
			t.Errorf("%q: hint %q, code %d", name, e.Hint, winerr.Of(err))
		}
	}
	if _, err := d.Lookup(t.Context(), ldapattr.AccountName{}); !errors.Is(err, ldapattr.ErrUsage) {
		t.Errorf("the zero name: %v", err)
	}
}

func TestChecklist_A3_twoMatchesAreRefused(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	_, err := d.Lookup(t.Context(), accountName(t, "twin@elsewhere.example"))
	e := asError(t, err, ldapattr.ErrAmbiguous)
	for _, dn := range []string{"CN=Twin A,OU=Staff," + baseDN, "CN=Twin B,OU=Other," + baseDN} {
		if !strings.Contains(e.Hint, dn) {
			t.Errorf("the hint %q does not name %s", e.Hint, dn)
		}
	}
	// One entry of a partial result need not be the only one.
	s.SetFaults(adsim.Faults{SizeLimit: 1})
	if u, err := d.Lookup(t.Context(), accountName(t, "twin@elsewhere.example")); err == nil {
		t.Errorf("a partial result gives %s", u.DN)
	}
}

// Mallory's explicit UPN is what bob would call himself. As for Active Directory
// the name is hers; from there on only her object counts.
func TestLookup_explicitUPNBelongsToItsOwner(t *testing.T) {
	d := open(t, newCorp(t).asAdmin())
	byUPN := lookup(t, d, "bob@corp.example.com")
	if byUPN.SAMAccountName != "mallory" {
		t.Fatalf("bob@corp.example.com is %s, want mallory", byUPN.DN)
	}
	for _, name := range []string{"bob", `CORP\bob`} {
		bob := lookup(t, d, name)
		if bob.SAMAccountName != "bob" || bob.Dir != "bob" {
			t.Fatalf("%s is %s, want bob", name, bob.DN)
		}
		if err := d.VerifyPassword(t.Context(), bob, secret.New(bobPass)); err != nil {
			t.Errorf("bob with his own password: %v", err)
		}
		if err := d.VerifyPassword(t.Context(), bob, secret.New(malPass)); !errors.Is(err, ldapattr.ErrAuth) {
			t.Errorf("bob with mallory's password: %v", err)
		}
	}
	if err := d.VerifyPassword(t.Context(), byUPN, secret.New(bobPass)); !errors.Is(err, ldapattr.ErrAuth) {
		t.Errorf("mallory with bob's password: %v", err)
	}
	if byUPN.Dir != "mallory" {
		t.Errorf("mallory's home is %q", byUPN.Dir)
	}
}

func TestUser_Home(t *testing.T) {
	u := ldapattr.User{DN: "CN=x", Root: `\\fs01\ftp$`, Dir: "x"}
	if home, err := u.Home(); err != nil || home.Location().String() != `\\fs01\ftp$\x` {
		t.Errorf("Home() = %v, %v", home, err)
	}
	for _, missing := range []ldapattr.User{{Root: u.Root}, {Dir: u.Dir}, {}} {
		if _, err := missing.Home(); !errors.Is(err, ldapattr.ErrNoHome) || winerr.Of(err) != winerr.NoSuchAttribute {
			t.Errorf("%+v: %v", missing, err)
		}
	}
	u.Dir = `..\y`
	var value *homedir.ValueError
	if _, err := u.Home(); !errors.As(err, &value) || winerr.Of(err) != winerr.InvalidName {
		t.Errorf("a bad value: %v", err)
	}
}

func BenchmarkLookup(b *testing.B) { benchmarkLookup(b, open(b, newCorp(b).asAdmin()), "alice") }
