package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestV03(t *testing.T) {
	try(t, "V03",
		example{name: "forgotten", account: user("al", home("", "")), settings: audit.Settings{Scoped: true}, want: "has neither"},
		example{name: "with a home", account: user("al"), settings: audit.Settings{Scoped: true}, want: "passed"},
		example{name: "half a home", account: user("al", home("", "al")), settings: audit.Settings{Scoped: true}, want: "passed"},
		example{name: "nobody is meant", account: user("al", home("", "")), want: "not checked: no --group"},
		example{name: "nothing can be read", account: user("al", home("", ""), hidden), settings: audit.Settings{Scoped: true}, want: "not checked: objectClass cannot be read"},
		example{
			name: "disabled", account: user("al", home("", ""), func(a *ldapattr.Account) { a.Account.Enabled = false }),
			settings: audit.Settings{Scoped: true}, want: "nothing",
		},
	)
}
