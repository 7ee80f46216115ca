package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA02(t *testing.T) {
	try(t, "A02",
		example{name: "over", account: user("al", func(a *ldapattr.Account) { a.Account.Expires = now.AddDate(0, 0, -1) }), want: "expired on 2026-05-31"},
		example{name: "not yet", account: user("al", func(a *ldapattr.Account) { a.Account.Expires = now.AddDate(0, 0, 1) }), want: "passed"},
		example{name: "never", account: user("al"), want: "passed"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
