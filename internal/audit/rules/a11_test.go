package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA11(t *testing.T) {
	try(t, "A11",
		example{name: "many", account: user("al", func(a *ldapattr.Account) { a.Groups = make([]string, 120) }), want: "member of 120 groups"},
		example{name: "by order", account: user("al", func(a *ldapattr.Account) { a.Groups = make([]string, 2) }), settings: audit.Settings{Groups: 2}, want: "member of 2 groups"},
		example{name: "more than are told", account: user("al", func(a *ldapattr.Account) { a.Groups, a.MoreGroups = make([]string, 3), true }), want: "more than 3 groups"},
		example{name: "few", account: user("al", func(a *ldapattr.Account) { a.Groups = make([]string, 119) }), want: "passed"},
		example{name: "unread", account: user("al", unknown), want: "not checked: userAccountControl"},
	)
}
