package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s15 finds shares that will be full when the homes are as large as they are to be.
func s15() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S15", Title: "homes are expected to need more than is free", Severity: audit.Medium, Level: 2,
		Explanation: "The homes of a share, at the size that --expect-per-user gives each, need more than what is free on it. Shares on one volume each see all of it as their own.",
		Remedy:      "Move some homes to another share, make room, or set quotas.",
	}, Share: func(v *audit.VisitedShare, s *audit.Settings) audit.Answer {
		if v.Expected == 0 {
			return notChecked("nobody says how much a home is to use (--expect-per-user)")
		}
		return onSpace(survey.TooFull)(v, s)
	}}
}
