package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestV24(t *testing.T) {
	try(t, "V24",
		example{name: "contact", account: user("al", func(a *ldapattr.Account) { a.Classes = []string{"top", "person", "contact"} }), want: "is no user"},
		example{name: "deleted", account: user("al", func(a *ldapattr.Account) { a.DN = `CN=al\0ADEL:1,CN=Deleted Objects,DC=corp` }), want: "is no user"},
		example{name: "deleted ones are not read", account: user("al"), want: "not checked: deleted objects"},
		example{name: "unread", account: user("al", hidden), want: "not checked: "},
	)
}

func TestV24_passesUsers(t *testing.T) {
	result, _ := judge(t, "V24", audit.Settings{}, user("al"), user("bob", home("", "")))
	if result.Passed != 1 || result.Found != 0 {
		t.Errorf("got %+v", result)
	}
}
