package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h05 finds users who are not let into their own home.
func h05() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H05", Title: "user may not list or read the own home", Severity: audit.High, Level: 3,
		Explanation: "The access list of the home does not let its user list it, or read what is in it. A login ends with 530, or shows nothing, although the directory is there.",
		Remedy:      "Give the user the rights on the home and what is in it; ftpisoctl shares mkdir LOGIN --repair gives the home the list of a private one.",
	}, Home: lacking(func(v *audit.VisitedHome, missing survey.Rights) audit.Answer {
		if missing&(survey.List|survey.Read) == 0 {
			return audit.Answer{}
		}
		return mayNot(v, missing)
	})}
}
