package rules_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// nobodyHome is the domain without homes.
func nobodyHome() string {
	return strings.NewReplacer("msIIS-FTPRoot", "title", "msIIS-FTPDir", "company").Replace(domain)
}

func TestC03(t *testing.T) {
	for state, want := range map[string]string{
		"userAccountControl: 66048\n":      "",
		"userAccountControl: 514\n":        "the account is disabled",
		"pwdLastSet: 0\n":                  "the password must be changed",
		"pwdLastSet: 132539328000000000\n": "the password has expired",
		"accountExpires: 132539328000000000\nuserAccountControl: 66048\n": "the account has expired",
		"lockoutTime: 134000000000000000\nuserAccountControl: 66048\n":    "the account is locked out",
	} {
		p := directory(t, domain+"\ndn: CN=svc,OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: svc\n"+state)
		result, findings := ask(t, "C03", p, audit.Settings{Service: audit.Service{Name: `CORP\svc`}})
		got := ""
		if len(findings) == 1 {
			got = findings[0].Message
		}
		if got != want || want == "" && result.Passed != 1 {
			t.Errorf("%s: got %q, %+v, want %q", state, got, result, want)
		}
	}
}

func TestC03_notChecked(t *testing.T) {
	p := directory(t, domain)
	for _, name := range []string{"", "nobody"} {
		if result, findings := ask(t, "C03", p, audit.Settings{Service: audit.Service{Name: name}}); result.NotChecked != 1 || len(findings) != 0 {
			t.Errorf("%q: got %+v, %+v", name, result, findings)
		}
	}
}

// The service account need not lie below the base, where users are looked for.
func TestC03_outsideOfTheBase(t *testing.T) {
	p := directory(t, domain+"\ndn: CN=svc,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: svc\nuserAccountControl: 514\n")
	cfg, err := p.Forest.ConfigOf("CORP")
	if err != nil {
		t.Fatal(err)
	}
	cfg.BaseDN = "OU=Staff,DC=corp,DC=example,DC=com"
	narrow, err := ldapattr.OpenForest(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer narrow.Close()
	result, findings := ask(t, "C03", &ldapattr.Permissions{Forest: narrow}, audit.Settings{Service: audit.Service{Name: `CORP\svc`}})
	if len(findings) != 1 || findings[0].Message != "the account is disabled" {
		t.Errorf("got %+v, %+v", result, findings)
	}
}
