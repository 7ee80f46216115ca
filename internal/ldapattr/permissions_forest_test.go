package ldapattr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// Objects are read and written in the domain that they lie in, also by what was read
// of them before.
func TestPermissions_ofAnotherDomain(t *testing.T) {
	_, _, cfg := newForest(t)
	f := openForest(t, cfg)
	p := &ldapattr.Permissions{Forest: f}
	group, err := ldapattr.FindGroup(t.Context(), p, accountName(t, `SALES\Sellers`), "OU=Staff,"+salesDN)
	if err != nil {
		t.Fatal(err)
	}
	testSetDACL(t, p, "OU=Staff,"+salesDN, "CN=Sam,OU=Staff,"+salesDN, group.SID)
	there := descriptor(t, p, "OU=Staff,"+salesDN)
	if there.DNSDomain != "sales.corp.example.com" {
		t.Errorf("it is of %q", there.DNSDomain)
	}
	if again, err := p.Again(t.Context(), ldapattr.Secured{GUID: there.GUID, DNSDomain: "SALES.corp.example.com"}); err != nil || again.DN != there.DN {
		t.Errorf("again: %+v, %v", again, err)
	}
	for _, was := range []ldapattr.Secured{{GUID: there.GUID}, {GUID: there.GUID, DNSDomain: "corp.example.com"}} {
		if again, err := p.Again(t.Context(), was); !errors.Is(err, ldapattr.ErrNotFound) {
			t.Errorf("in the wrong domain: %+v, %v", again, err)
		}
	}
	for dn, want := range map[string]error{
		"DC=other,DC=example,DC=com": ldapattr.ErrUsage, "Staff": ldapattr.ErrUsage, "OU=Nowhere," + salesDN: ldapattr.ErrNotFound,
	} {
		if _, err := p.Descriptor(t.Context(), dn); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", dn, err, want)
		}
	}
	if d, err := p.Domain(t.Context(), "OU=Staff,"+salesDN); err != nil || d.Domain().DNSName != "sales.corp.example.com" {
		t.Errorf("%v", err)
	}
	if _, err := p.Again(t.Context(), ldapattr.Secured{DNSDomain: "other.example.com"}); !errors.Is(err, ldapattr.ErrUsage) {
		t.Errorf("of another forest: %v", err)
	}
}

// A name with a domain is a group of that domain; one without is a group of the home
// domain or of the one that it is wanted in, but not of both.
func TestFindGroup(t *testing.T) {
	_, _, cfg := newForest(t)
	p := &ldapattr.Permissions{Forest: openForest(t, cfg)}
	const near = "OU=Staff," + salesDN
	sid := func(name, near string) string {
		t.Helper()
		group, err := ldapattr.FindGroup(t.Context(), p, accountName(t, name), near)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return group.NetBIOSDomain + " " + group.SID
	}
	sellers, auditors, ours := sid("Sellers", near), sid("Auditors", near), sid("Domain Users", baseDN)
	if theirs := sid(`SALES\Domain Users`, near); ours == theirs || !strings.HasPrefix(theirs, "SALES ") {
		t.Errorf("the groups Domain Users are %s and %s", ours, theirs)
	}
	for name, want := range map[string]string{
		"CN=Sellers,OU=Staff," + salesDN: sellers, `SALES\sellers`: sellers, strings.Fields(sellers)[1]: sellers,
		`CORP\Auditors`: auditors, "CN=Auditors,CN=Users," + baseDN: auditors, strings.Fields(auditors)[1]: auditors,
		`corp.example.com\Domain Users`: ours,
	} {
		if got := sid(name, near); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := sid(`SALES\sellers`, baseDN); got != sellers { // wherever it is wanted
		t.Errorf("got %s, want %s", got, sellers)
	}
	for _, test := range []struct {
		name, near string
		want       error
		says       string
	}{
		{"Domain Users", near, ldapattr.ErrAmbiguous, salesDN},
		{"Sellers", baseDN, ldapattr.ErrNotFound, ""},
		{`NOWHERE\Sellers`, near, ldapattr.ErrNotFound, "CORP (corp.example.com), SALES"},
		{"nobody", near, ldapattr.ErrNotFound, ""},
		{"S-1-5-21-1-2-3-4", near, ldapattr.ErrNotFound, ""},
		{"CN=Sellers,DC=other", near, ldapattr.ErrNotFound, ""},
		{"sellers@sales.corp.example.com", near, ldapattr.ErrUsage, ""},
		{"Sellers", "DC=other", ldapattr.ErrUsage, ""},
	} {
		got, err := ldapattr.FindGroup(t.Context(), p, accountName(t, test.name), test.near)
		if !errors.Is(err, test.want) || !strings.Contains(hintOf(err), test.says) {
			t.Errorf("%s near %s: %+v, %v (%s), want %v", test.name, test.near, got, err, hintOf(err), test.want)
		}
	}
}

// One domain alone needs no forest.
func TestFindGroup_oneDomain(t *testing.T) {
	d := open(t, newSim(t, "corp.example.com", seed+groups+"dn: CN=Local,OU=Other,DC=corp,DC=example,DC=com\nobjectClass: group\nsAMAccountName: local\ngroupType: -2147483644\n\n").asAdmin())
	p := &ldapattr.Permissions{Directory: d}
	if got, err := ldapattr.FindGroup(t.Context(), p, accountName(t, "inner"), baseDN); err != nil || got.SID != groupSID(t, d, "inner") || got.Local {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := ldapattr.FindGroup(t.Context(), p, accountName(t, "local"), baseDN); err != nil || !got.Local || !got.Security {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := p.Domain(t.Context(), "DC=other"); !errors.Is(err, ldapattr.ErrUsage) {
		t.Errorf("%v", err)
	}
}
