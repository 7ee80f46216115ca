package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h06 finds users whose uploads will fail.
func h06() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H06", Title: "user may not write in the own home", Severity: audit.Medium, Level: 3,
		Explanation: "The access list of the home lets its user list and read, and not write or delete. Uploads, or renaming and deleting, fail with 550. Where downloads are all there is, accept it with a suppression. A user who may not even list is H05.",
		Remedy:      "Give the user the right to modify; ftpisoctl shares mkdir LOGIN --repair gives the home the list of a private one.",
	}, Home: lacking(func(v *audit.VisitedHome, missing survey.Rights) audit.Answer {
		if missing&(survey.List|survey.Read) != 0 {
			return nothing()
		}
		return mayNot(v, missing)
	})}
}
