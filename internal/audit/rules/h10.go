package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h10 finds homes without any protection, and those that are shut to all.
func h10() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H10", Title: "home has no access list, or an empty one", Severity: audit.High, Level: 3,
		Explanation: "The home has a null DACL, which lets everybody do everything (critical), or an empty one, which lets nobody in.",
		Remedy:      "Give it a list; ftpisoctl shares mkdir LOGIN --repair gives the home the list of a private one.",
		References:  []string{"CWE-732"},
	}, Home: func(v *audit.VisitedHome, s *audit.Settings) audit.Answer {
		answer := inDescriptor(survey.NoProtection)(v, s)
		if answer.Status == audit.Found && v.Descriptor.DACL == nil {
			answer.Severity = audit.Critical
		}
		return answer
	}}
}
