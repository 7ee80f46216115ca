package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// x07 finds exceptions that nobody has given a reason for.
func x07() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X07", Title: "shared home without a reason", Severity: audit.Low,
		Explanation: "The list of shared homes allows several accounts in this home, and does not say why. Nobody will know later whether that still holds.",
		Remedy:      "Write the reason, and who decided, into the list.",
	}, Crowd: func(c *audit.Crowd, _ *audit.Settings, tell func(audit.Object, audit.Answer)) {
		c.Overlaps(func(same, _ []audit.Place) bool {
			switch p := &same[0]; {
			case !p.Declared:
			case p.Shared == "":
				tell(p.Object, overlap(p, same[1:], "several may have this home, and nobody says why"))
			default:
				tell(p.Object, audit.Answer{})
			}
			return true
		})
		unjudged(c, tell)
	}}
}
