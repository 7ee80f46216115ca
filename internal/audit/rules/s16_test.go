package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS16(t *testing.T) {
	result, findings := looked(t, "S16", closed(survey.Refused), audit.Settings{})
	if len(findings) != 1 || findings[0].Location != `\\fs01.corp.example.com\ftp$` || result.Passed != 1 {
		t.Errorf("a share that is closed on a server that is open: %+v, %+v", result, findings)
	}
	nobody := behind("")
	nobody.server = func(v *survey.Server) { v.Session = "" }
	visit(t, "S16",
		seen{name: "a server", scene: dead(survey.Refused), want: "medium fs01.corp.example.com no way to it"},
		seen{name: "all is well", want: "passed"},
		seen{name: "the connection broke", scene: brokeOff(), want: "not checked: the connection to the file server broke"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
		seen{name: "nobody enters", scene: nobody, want: "not checked: "},
	)
}
