package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS02(t *testing.T) {
	visit(t, "S02",
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "high fs01.corp.example.com no way to it"},
		seen{name: "an old server answers", scene: dead(survey.OldDialect), want: "passed"},
		seen{name: "all is well", want: "passed"},
		seen{name: "no address", scene: dead(survey.NoName), want: "not checked: the name of the file server does not resolve"},
	)
}
