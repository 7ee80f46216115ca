package ldapattr_test

import (
	"errors"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestFindGroup_everyForm(t *testing.T) {
	const paper = "dn: CN=Paper,OU=Other,DC=corp,DC=example,DC=com\nobjectClass: group\nsAMAccountName: paper\ngroupType: 2\n\n"
	d := open(t, newSim(t, "corp.example.com", seed+groups+paper).asAdmin())
	p := &ldapattr.Permissions{Directory: d}
	want := ldapattr.Group{
		DN: "CN=Middle Group,OU=Other,DC=corp,DC=example,DC=com", SAMAccountName: "Middle Group", NetBIOSDomain: "CORP",
		SID: groupSID(t, d, "Middle Group"), Security: true,
	}
	for _, name := range []string{"middle group", `CORP\Middle Group`, want.DN, want.SID} {
		if got, err := ldapattr.FindGroup(t.Context(), p, accountName(t, name), baseDN); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
	if got, err := ldapattr.FindGroup(t.Context(), p, accountName(t, "paper"), baseDN); err != nil || got.Security {
		t.Errorf("a distribution group: got %+v, %v", got, err)
	}
	for name, want := range map[string]error{
		"alice": ldapattr.ErrNotFound, "nobody": ldapattr.ErrNotFound, "S-1-5-21-1-2-3-4": ldapattr.ErrNotFound, `OTHER\outer`: ldapattr.ErrNotFound,
		"outer@corp.example.com": ldapattr.ErrUsage,
	} {
		if got, err := ldapattr.FindGroup(t.Context(), p, accountName(t, name), baseDN); !errors.Is(err, want) {
			t.Errorf("%s: got %+v, %v, want %v", name, got, err, want)
		}
	}
}
