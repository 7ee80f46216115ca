package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS01(t *testing.T) {
	visit(t, "S01",
		seen{name: "no address", scene: dead(survey.NoName), want: "high fs01.corp.example.com no way to it"},
		seen{name: "an address, and silence", scene: dead(survey.NoAnswer), want: "passed"},
		seen{name: "all is well", want: "passed"},
		seen{name: "not admitted", scene: dead(survey.NotAdmitted), want: "not checked: the configuration does not list the place"},
		seen{name: "a folder of this machine", scene: here(scene{}), want: "nothing"},
	)
}
