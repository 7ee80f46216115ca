package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s03 finds shares that were renamed or removed.
func s03() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S03", Title: "share is missing", Severity: audit.High, Level: 2,
		Explanation: "The file server answers and has no share of the name that homes point to. Every login to one of them is refused with 530.",
		Remedy:      "Create the share again, or correct the attributes with ftpisoctl rename-root; ftpisoctl shares list SERVER shows the shares that are there.",
	}, Share: onShare(survey.NoShare)}
}
