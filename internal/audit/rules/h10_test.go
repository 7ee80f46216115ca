package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH10(t *testing.T) {
	none, empty := wrong(survey.NoProtection), wrong(survey.NoProtection)
	none.sddl, empty.sddl = "O:BA", "O:BAD:P"
	visit(t, "H10",
		seen{name: "no list", scene: none, want: `critical \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{name: "an empty list", scene: empty, want: `high \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{name: "a list", want: "passed"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}
