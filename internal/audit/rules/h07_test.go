package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH07(t *testing.T) {
	visit(t, "H07",
		seen{name: "bob's", scene: wrong(survey.WrongOwner), want: `medium \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{name: "hers", want: "passed"},
		seen{name: "no list was read", scene: scene{sddl: "none"}, want: "not checked: its access list cannot be read"},
	)
}
