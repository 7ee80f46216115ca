package rules_test

import (
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH13(t *testing.T) {
	old := scene{share: func(s *survey.Share) {
		s.Orphans = []survey.Orphan{{Location: s.Volume.Below("old"), Changed: time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC)}}
	}}
	visit(t, "H13",
		seen{name: "old", scene: old, want: `medium \\fs01.corp.example.com\ftp$\old no user has this directory as a home`},
		seen{name: "none", want: "passed"},
		seen{name: "not all users", scene: old, settings: audit.Settings{Partial: true}, want: "not checked: others than those in scope"},
		seen{name: "no list", scene: scene{share: func(s *survey.Share) { s.Unlisted = "closed" }}, want: "not checked: closed"},
		seen{name: "old, and then the connection broke", scene: scene{home: brokeOff().home, share: old.share}, want: `medium \\fs01.corp.example.com\ftp$\old no user has`},
		seen{name: "the connection broke", scene: brokeOff(), want: "not checked: the connection to the file server broke"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}

// What is found counts although there may be more, and its age is told where it is
// known. Each directory is a finding of its own, the same in the next run.
func TestH13_each(t *testing.T) {
	several := scene{share: func(s *survey.Share) {
		below := func(name string) homedir.Location { return s.Volume.Below(name) }
		s.Orphans = []survey.Orphan{{Location: below("a"), Changed: now}, {Location: below("b")}}
		s.Unlisted = "closed"
	}}
	result, findings := looked(t, "H13", several, audit.Settings{})
	if result.Found != 2 || result.NotChecked != 1 || len(findings) != 2 || findings[0].Fingerprint == findings[1].Fingerprint {
		t.Fatalf("got %+v, %+v", result, findings)
	}
	if len(findings[0].Evidence) != 1 || findings[0].Evidence[0] != (audit.Evidence{Name: "changed", Value: "2026-06-01"}) || len(findings[1].Evidence) != 0 {
		t.Errorf("got %+v", findings)
	}
}
