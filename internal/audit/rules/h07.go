package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h07 finds homes that belong to somebody else.
func h07() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H07", Title: "home belongs to somebody else", Severity: audit.Medium, Level: 3,
		Explanation: "The owner of the home is neither its user nor an administrator or the system; where nobody has the SID any more, it is shown as it is. An owner may always change the permissions.",
		Remedy:      "Give it to the user or to Administrators; ftpisoctl shares mkdir LOGIN --repair gives the home the owner and the list of a private one.",
	}, Home: inDescriptor(survey.WrongOwner)}
}
