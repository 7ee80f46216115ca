package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestA10(t *testing.T) {
	try(t, "A10",
		example{name: "machine", account: user("al", func(a *ldapattr.Account) { a.Classes = append(a.Classes, "Computer") }), want: "class computer"},
		example{name: "service", account: user("al", func(a *ldapattr.Account) {
			a.Classes = append(a.Classes, "computer", "msDS-GroupManagedServiceAccount")
		}), want: "class msDS-Group"},
		example{name: "person", account: user("al"), want: "passed"},
		example{name: "unread", account: user("al", hidden), want: "not checked: objectClass"},
	)
}
