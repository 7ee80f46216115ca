package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA01(t *testing.T) {
	try(t, "A01",
		example{name: "disabled", account: user("al", func(a *ldapattr.Account) { a.Account.Enabled = false }), want: "is disabled"},
		example{name: "enabled", account: user("al"), want: "passed"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
