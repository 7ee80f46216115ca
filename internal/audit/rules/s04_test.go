package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS04(t *testing.T) {
	visit(t, "S04",
		seen{name: "the domain itself", scene: dead(survey.Namespace), want: "medium fs01.corp.example.com no way to it"},
		seen{name: "a share", scene: closed(survey.Namespace), want: `medium \\fs01.corp.example.com\ftp$ no way in`},
		seen{name: "a folder", scene: wrong(survey.Namespace), want: `medium \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{name: "all is well", want: "passed"},
		seen{name: "the connection broke", scene: brokeOff(), want: "not checked: the connection to the file server broke"},
		seen{name: "a dead server", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}
