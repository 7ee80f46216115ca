package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH06(t *testing.T) {
	visit(t, "H06",
		seen{name: "no writing", scene: lacks(survey.Write|survey.Delete, ""), want: `medium \\fs01.corp.example.com\ftp$\al CORP\al may not write,delete in the own home`},
		seen{name: "nothing at all is H05", scene: lacks(survey.AllRights, ""), want: "nothing"},
		seen{name: "all", want: "passed"},
		seen{name: "not for sure", scene: lacks(survey.Write, "conditions"), want: "not checked: what the user may do is not known for sure"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}
