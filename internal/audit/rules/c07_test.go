package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestC07(t *testing.T) {
	p := directory(t, domain+"\ndn: CN=far,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: far\nmsIIS-FTPDir: far\n")
	if result, findings := ask(t, "C07", p, audit.Settings{}); result.Passed != 1 || len(findings) != 0 {
		t.Errorf("no base: got %+v, %+v", result, findings)
	}
	cfg, err := p.Forest.ConfigOf("CORP")
	if err != nil {
		t.Fatal(err)
	}
	cfg.BaseDN = "ou=staff, DC=corp,DC=example,DC=com"
	narrow, err := ldapattr.OpenForest(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer narrow.Close()
	result, findings := ask(t, "C07", &ldapattr.Permissions{Forest: narrow}, audit.Settings{})
	if len(findings) != 1 || findings[0].Login != "far" || result.Passed != 1 {
		t.Errorf("a base: got %+v, %+v", result, findings)
	}
	if result, _ := ask(t, "C07", nil, audit.Settings{}); result.NotChecked != 1 {
		t.Errorf("nobody to ask: got %+v", result)
	}
}
