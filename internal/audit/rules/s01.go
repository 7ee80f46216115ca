package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s01 finds file servers that have no address.
func s01() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S01", Title: "name of the file server does not resolve", Severity: audit.High, Level: 1,
		Explanation: "Homes point to a file server whose name has no address in DNS. Every login to one of them is refused with 530. Whatever else there is to know about those homes is not checked.",
		Remedy:      "Correct DNS, or the attributes: ftpisoctl rename-root changes the root of all users at once.",
	}, Server: onServer(survey.NoName)}
}
