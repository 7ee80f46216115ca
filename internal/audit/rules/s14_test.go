package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestS14(t *testing.T) {
	visit(t, "S14",
		seen{"a server", dead(survey.NotAdmitted), audit.Settings{FileServers: true}, "high fs01.corp.example.com no way to it"},
		seen{"a server, and no list", dead(survey.NotAdmitted), audit.Settings{LocalRoots: true}, "not checked: the configuration lists no such places"},
		seen{"a folder", here(wrong(survey.NotAdmitted)), audit.Settings{LocalRoots: true}, `high \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{"a folder, and no list", here(wrong(survey.NotAdmitted)), audit.Settings{FileServers: true}, "not checked: the configuration lists no such places"},
		seen{"listed", scene{}, audit.Settings{FileServers: true}, "passed"},
		seen{"listed and dead", dead(survey.NoAnswer), audit.Settings{FileServers: true}, "passed"},
	)
}
