package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestV22(t *testing.T) {
	try(t, "V22",
		example{name: "other", account: user("al", home(`\\fs01\ftp$`, "bob")), settings: audit.Settings{Naming: "{login}"}, want: "is to be called al"},
		example{name: "agreed", account: user("al", home(`\\fs01\ftp$`, `\Homes\AL`)), settings: audit.Settings{Naming: `homes\{login}`}, want: "passed"},
		example{name: "no convention", account: user("al"), want: "not checked: no --naming"},
		example{name: "not valid", account: user("al", noText), settings: audit.Settings{Naming: "{login}"}, want: "not checked: the home is not valid"},
	)
}
