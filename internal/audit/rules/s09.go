package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s09 finds shares, and homes with a quota, that are about to be full.
func s09() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S09", Title: "little space is left", Severity: audit.High, Level: 2,
		Explanation: "Less of the share is free than --min-free says, or a quota leaves less. Uploads begin and fail. At level 3 homes with a limit of their own are judged by themselves, with severity medium.",
		Remedy:      "Make room, or raise the quota; ftpisoctl shares check --all shows what each share has.",
	}, Share: onSpace(survey.LittleSpace), Home: func(v *audit.VisitedHome, _ *audit.Settings) audit.Answer {
		f := audit.At(v.Findings, survey.LittleSpace)
		if f == nil {
			return nothing() // most homes have no limit of their own
		}
		answer := about(v.Place, f)
		answer.Severity = audit.Medium
		return answer
	}}
}
