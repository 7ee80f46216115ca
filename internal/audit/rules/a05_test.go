package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA05(t *testing.T) {
	try(t, "A05",
		example{name: "long ago", account: user("al", func(a *ldapattr.Account) { a.LastLogon = now.AddDate(0, 0, -105) }), want: "105 days ago"},
		example{name: "within the error", account: user("al", func(a *ldapattr.Account) { a.LastLogon = now.AddDate(0, 0, -104) }), want: "passed"},
		example{
			name: "shorter by order", account: user("al", func(a *ldapattr.Account) { a.LastLogon = now.AddDate(0, 0, -50) }),
			settings: audit.Settings{Stale: 720 * 3600e9}, want: "50 days ago",
		},
		example{name: "never", account: user("al", func(a *ldapattr.Account) { a.LastLogon, a.Created = a.Created, now.AddDate(-1, 0, 0) }), want: "nobody has logged on"},
		example{name: "new", account: user("al", func(a *ldapattr.Account) { a.LastLogon, a.Created = a.Created, now.AddDate(0, 0, -1) }), want: "passed"},
		example{name: "unread", account: user("al", func(a *ldapattr.Account) { a.LastLogon = a.Created }), want: "not checked: neither"},
	)
}
