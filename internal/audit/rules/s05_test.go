package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS05(t *testing.T) {
	offers := func(signing, encryption bool) scene {
		return scene{server: func(v *survey.Server) { v.Offer.SigningRequired, v.Offer.Encryption = signing, encryption }}
	}
	visit(t, "S05",
		seen{name: "signing alone", scene: offers(true, false), want: "low fs01.corp.example.com the server requires signing"},
		seen{name: "both", scene: offers(true, true), want: "passed"},
		seen{name: "neither", scene: offers(false, false), want: "passed"},
		seen{name: "a dead server", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
		seen{name: "nobody asked", scene: scene{server: func(v *survey.Server) { v.Offer = nil }}, want: "not checked: the file server did not say"},
	)
}
