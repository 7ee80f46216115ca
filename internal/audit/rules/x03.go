package rules

import (
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// x03 finds users whose home is everybody's.
func x03() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X03", Title: "home is a share with homes of others", Severity: audit.Critical,
		Explanation: "The home is a whole share, or a whole drive, on which other accounts have their homes: this account sees all of them. It is what a dot or a lone separator in msIIS-FTPDir makes.",
		Remedy:      "Give the account a directory of its own on the share.",
		References:  []string{"CWE-668"},
	}, Crowd: func(c *audit.Crowd, s *audit.Settings, tell func(audit.Object, audit.Answer)) {
		// A share comes before all that is below it, so its owners wait for the first of the others.
		var owners []audit.Place
		var below []audit.Place
		settle := func() {
			for i := range owners {
				p := &owners[i]
				if len(below) == 0 || p.Declared {
					tell(p.Object, alone(p, s))
					continue
				}
				tell(p.Object, overlap(p, below, fmt.Sprintf("%d homes of others are on this share", len(below))))
			}
			owners, below = nil, nil
		}
		c.Overlaps(func(same, above []audit.Place) bool {
			switch {
			case same[0].WholeShare():
				settle()
				owners = same
				return true
			case len(owners) > 0 && owners[0].Location.Contains(same[0].Location), len(above) > 0 && above[0].WholeShare():
				below = append(below, same...)
			}
			for i := range same {
				tell(same[i].Object, audit.Answer{})
			}
			return true
		})
		settle()
		unjudged(c, tell)
	}}
}
