package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h02 finds what stands in the place of a home and is none.
func h02() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H02", Title: "no directory in the place of the home", Severity: audit.High, Level: 2,
		Explanation: "In the place of the home, or above it, is a file, a link, a junction or another reparse point. Homes are not reached through one, for it may lead out of the share: the login is refused with 530.",
		Remedy:      "Put a real folder in its place, or correct msIIS-FTPDir with ftpisoctl set.",
		References:  []string{"CWE-59"},
	}, Home: onHome(survey.NoDirectory)}
}
