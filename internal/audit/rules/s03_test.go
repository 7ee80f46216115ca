package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS03(t *testing.T) {
	visit(t, "S03",
		seen{name: "no share", scene: closed(survey.NoShare), want: `high \\fs01.corp.example.com\ftp$ no way in`},
		seen{name: "it is there, and closed", scene: closed(survey.Refused), want: "passed"},
		seen{name: "all is well", want: "passed"},
		seen{name: "the connection broke", scene: brokeOff(), want: "not checked: the connection to the file server broke"},
		seen{name: "a dead server", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
		seen{name: "nobody enters", scene: behind(""), want: "not checked: no"},
		seen{name: "a folder of this machine", scene: here(scene{}), want: "nothing"},
	)
}
