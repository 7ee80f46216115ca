package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS06(t *testing.T) {
	visit(t, "S06",
		seen{name: "SMB 1", scene: dead(survey.OldDialect), want: "high fs01.corp.example.com no way to it"},
		seen{name: "all is well", want: "passed"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}
