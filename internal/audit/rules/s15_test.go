package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS15(t *testing.T) {
	visit(t, "S15",
		seen{name: "too much", scene: scene{share: func(s *survey.Share) { s.Findings = []survey.Finding{{ID: survey.TooFull, Text: "too much"}} }}, want: `medium \\fs01.corp.example.com\ftp$ too much`},
		seen{name: "enough room", want: "passed"},
		seen{name: "nobody says how much", scene: scene{share: func(s *survey.Share) { s.Expected = 0 }}, want: "not checked: nobody says how much"},
		seen{name: "no share", scene: closed(survey.NoShare), want: "not checked: the share is missing"},
	)
}
