package rules_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA07(t *testing.T) {
	try(t, "A07",
		example{name: "card", account: user("al", func(a *ldapattr.Account) { a.Flags |= 0x40000 }), want: "smart card"},
		example{name: "hours", account: user("al", func(a *ldapattr.Account) { a.LogonHours = []byte{0xff, 1} }), want: "9 of 168 hours"},
		example{name: "all hours", account: user("al", func(a *ldapattr.Account) { a.LogonHours = []byte(strings.Repeat("\xff", 21)) }), want: "passed"},
		example{name: "workstations", account: user("al", func(a *ldapattr.Account) { a.Workstations = "WS1" }), want: "some workstations only"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
