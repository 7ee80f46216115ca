package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS09(t *testing.T) {
	little := scene{share: func(s *survey.Share) { s.Findings = []survey.Finding{{ID: survey.LittleSpace, Text: "little"}} }}
	visit(t, "S09",
		seen{name: "a share", scene: little, want: `high \\fs01.corp.example.com\ftp$ little`},
		seen{name: "a folder of this machine", scene: here(little), want: `high \\fs01.corp.example.com\ftp$ little`},
		seen{name: "a quota", scene: wrong(survey.LittleSpace), want: `medium \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{name: "enough", want: "passed"},
		seen{name: "nobody knows", scene: scene{share: func(s *survey.Share) { s.Space = nil }}, want: "not checked: the space of the share is not known"},
		seen{name: "the connection broke", scene: brokeOff(), want: "not checked: the connection to the file server broke"},
		seen{name: "a dead server", scene: dead(survey.NoAnswer), settings: audit.Settings{}, want: "not checked: the file server does not answer"},
	)
}
