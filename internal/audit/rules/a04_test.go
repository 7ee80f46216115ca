package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA04(t *testing.T) {
	try(t, "A04",
		example{name: "to be changed", account: user("al", func(a *ldapattr.Account) { a.Account.MustChange, a.Account.PasswordExpired = true, true }), want: "pwdLastSet"},
		example{name: "expired", account: user("al", func(a *ldapattr.Account) { a.Account.PasswordExpired = true }), want: "has expired"},
		example{name: "good", account: user("al"), want: "passed"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
