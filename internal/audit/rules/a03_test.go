package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA03(t *testing.T) {
	try(t, "A03",
		example{name: "locked", account: user("al", func(a *ldapattr.Account) { a.Account.Locked = true }), want: "locked out now"},
		example{name: "disabled too", account: user("al", func(a *ldapattr.Account) { a.Account.Locked, a.Account.Enabled = true, false }), want: "nothing"},
		example{name: "open", account: user("al"), want: "passed"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
