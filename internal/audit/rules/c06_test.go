package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// connections are directories of a configuration.
func connections(list ...audit.Connection) audit.Settings { return audit.Settings{Directory: list} }

func TestC06(t *testing.T) {
	result, findings := judge(t, "C06", connections(
		audit.Connection{Name: "prod", Servers: []string{"ldaps://dc1.corp.example.com", "ldaps://dc2.corp.example.com:3269"}},
		audit.Connection{Name: "lab", Servers: []string{"ldap://dc9.corp.example.com:389"}},
	))
	if len(findings) != 1 || findings[0].Login != "prod" || findings[0].Location != "ldaps://dc2.corp.example.com:3269" || result.Passed != 1 {
		t.Errorf("got %+v, %+v", result, findings)
	}
	if result, _ := judge(t, "C06", audit.Settings{}); result.NotChecked != 1 {
		t.Errorf("no configuration: got %+v", result)
	}
}
