package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA09(t *testing.T) {
	try(t, "A09",
		example{name: "two logins", account: user("al", func(a *ldapattr.Account) { a.UPN = "alice.b@corp.example.com" }), want: "two logins"},
		example{name: "foreign", account: user("al", func(a *ldapattr.Account) { a.UPN = "al@old.example" }), settings: audit.Settings{Suffixes: []string{}}, want: "old.example is none"},
		example{name: "registered", account: user("al", func(a *ldapattr.Account) { a.UPN = "al@New.example" }), settings: audit.Settings{Suffixes: []string{"new.example"}}, want: "passed"},
		example{name: "no UPN", account: user("al", func(a *ldapattr.Account) { a.UPN = "" }), want: "passed"},
		example{name: "unknown", account: user("al", func(a *ldapattr.Account) { a.UPN = "al@new.example" }), want: "not checked: the further UPN suffixes"},
	)
}
