package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

const deskSID = "S-1-5-21-105341501-1697454131-850948267-7777"

// secured is the domain with a list of permissions for al.
func secured(t *testing.T, sddl string) *ldapattr.Permissions {
	t.Helper()
	p := directory(t, domain)
	secure(t, p, sddl)
	return p
}

// secure replaces the list of permissions of al.
func secure(t *testing.T, p *ldapattr.Permissions, sddl string) {
	t.Helper()
	d, err := secdesc.ParseSDDL(sddl, "")
	if err != nil {
		t.Fatal(err)
	}
	was, err := p.Descriptor(t.Context(), "CN=al,OU=Staff,DC=corp,DC=example,DC=com")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.SetDACL(t.Context(), was, *d.DACL); err != nil {
		t.Fatal(err)
	}
}

// Administrators of another domain of the forest are administrators.
func TestC04_administratorsOfTheForest(t *testing.T) {
	p := twoDomains(t, share, "al2", true)
	name, err := ldapattr.ParseAccountName(`SALES\al2`, "")
	if err != nil {
		t.Fatal(err)
	}
	one, err := p.Forest.Lookup(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	admins := one.SID[:strings.LastIndexByte(one.SID, '-')] + "-512"
	secure(t, p, "D:(A;;GA;;;SY)(A;;GA;;;"+admins+")")
	if result, findings := ask(t, "C04", p, audit.Settings{}); len(findings) != 0 || result.Passed != 1 {
		t.Errorf("got %+v, %+v", result, findings)
	}
}

func TestC04_whoMayWrite(t *testing.T) {
	const user = "D:(A;;GA;;;SY)(A;;GA;;;BA)(A;;RPLC;;;AU)"
	for _, tt := range []struct{ name, entry, want string }{
		{"all properties", "(A;;WP;;;" + deskSID + ")", `CORP\desk`},
		{"one attribute", "(OA;;WP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;;" + deskSID + ")", `CORP\desk`},
		{"the permissions", "(A;;WD;;;" + deskSID + ")", `CORP\desk`},
		{"everything, for everybody", "(A;;GA;;;WD)", "Everyone"},
		{"oneself", "(A;;WP;;;PS)", `NT AUTHORITY\Self`},
		{"administrators of the domain", "(A;;WP;;;S-1-5-21-105341501-1697454131-850948267-512)", ""},
		{"administrators of strangers", "(A;;WP;;;S-1-5-21-7-8-9-519)", "S-1-5-21-7-8-9-519"},
		{"another attribute", "(OA;;WP;bf967a0e-0de6-11d0-a285-00aa003049e2;;" + deskSID + ")", ""},
		{"for what lies below", "(A;CIIO;WP;;;" + deskSID + ")", ""},
		{"reading", "(A;;RP;;;" + deskSID + ")", ""},
		{"denied", "(D;;WP;;;" + deskSID + ")", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			result, findings := ask(t, "C04", secured(t, user+tt.entry), audit.Settings{})
			got := ""
			if len(findings) > 0 {
				got = findings[0].Login
			}
			if got != tt.want || len(findings) > 1 || tt.want == "" && result.Passed != 1 {
				t.Errorf("got %q, %+v, want %q", got, result, tt.want)
			}
		})
	}
}

func TestC04_withoutADirectoryIsNotChecked(t *testing.T) {
	if result, findings := ask(t, "C04", nil, audit.Settings{}); result.NotChecked != 1 || len(findings) != 0 {
		t.Errorf("got %+v, %+v", result, findings)
	}
}

// Containers beyond the bound are not checked, and never passed.
func TestC04_manyContainers(t *testing.T) {
	var ldif strings.Builder
	ldif.WriteString(domain)
	for i := range 202 {
		fmt.Fprintf(&ldif, "\ndn: OU=o%d,OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: organizationalUnit\n"+
			"\ndn: CN=u%[1]d,OU=o%[1]d,OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: user\nmsIIS-FTPRoot: %[2]s\nmsIIS-FTPDir: u%[1]d\n", i, share)
	}
	result, findings := ask(t, "C04", directory(t, ldif.String()), audit.Settings{})
	if len(findings) != 0 || result.Passed != 200 || result.NotChecked != 3 || result.Reasons[0].Text != "descriptors in 200 containers are read at most" {
		t.Errorf("got %+v, %+v", result, findings)
	}
}
