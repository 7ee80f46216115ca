package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA06(t *testing.T) {
	try(t, "A06",
		example{name: "flagged", account: user("al", func(a *ldapattr.Account) { a.AdminCount = 1 }), want: "high adminCount"},
		example{name: "member", account: user("al", func(a *ldapattr.Account) { a.Groups = []string{"CN=Domain Admins,CN=Users,DC=corp"} }), want: "high memberOf"},
		example{name: "name alone", account: user("al", func(a *ldapattr.Account) { a.Groups = []string{"CN=Domain Admins,OU=Fun,DC=corp"} }), want: "passed"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
