package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH02(t *testing.T) {
	visit(t, "H02",
		seen{name: "a file", scene: wrong(survey.NoDirectory), want: `high \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{name: "there", want: "passed"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}
