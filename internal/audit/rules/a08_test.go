package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA08(t *testing.T) {
	try(t, "A08",
		example{name: "lasts", account: user("al", func(a *ldapattr.Account) { a.Flags |= 0x10000 }), want: "low userAccountControl the password never expires"},
		example{name: "none", account: user("al", func(a *ldapattr.Account) { a.Flags |= 0x10020 }), want: "high userAccountControl no password is required"},
		example{name: "good", account: user("al"), want: "passed"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
