package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// x02 finds homes that somebody else sees as a folder of his own.
func x02() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X02", Title: "home inside another home", Severity: audit.Critical,
		Explanation: "The home lies below the home of another account, who sees it as a folder of his own: he can read, change and remove it as far as its permissions let him. Folders are compared by whole names: \\home\\joe does not hold \\home\\joey.",
		Remedy:      "Move the inner home beside the outer one.",
		References:  []string{"CWE-668"},
	}, Crowd: func(c *audit.Crowd, s *audit.Settings, tell func(audit.Object, audit.Answer)) {
		c.Overlaps(func(same, above []audit.Place) bool {
			for i := range same {
				p := &same[i]
				if len(above) == 0 || above[0].WholeShare() || above[0].Declared {
					tell(p.Object, alone(p, s))
					continue
				}
				tell(p.Object, overlap(p, above, "the home lies inside the home of "+above[0].Login))
			}
			return true
		})
		unjudged(c, tell)
	}}
}
