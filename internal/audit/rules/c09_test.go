package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestC09(t *testing.T) {
	result, findings := judge(t, "C09", connections(
		audit.Connection{Name: "old", Servers: []string{"ldap://dc1"}, Plaintext: true},
		audit.Connection{Name: "sealed", Servers: []string{"ldap://dc1"}, Plaintext: true, Protected: true},
		audit.Connection{Name: "new", Servers: []string{"ldaps://dc1"}, Protected: true},
	))
	if len(findings) != 1 || findings[0].Login != "old" || findings[0].Severity != audit.Medium || result.Passed != 2 {
		t.Errorf("got %+v, %+v", result, findings)
	}
	if result, _ := judge(t, "C09", audit.Settings{}); result.NotChecked != 1 {
		t.Errorf("no configuration: got %+v", result)
	}
}
