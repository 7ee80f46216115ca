package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// x05 finds homes that two domains have given away.
func x05() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X05", Title: "same home in two domains", Severity: audit.Medium,
		Explanation: "Accounts of two domains of the forest have the same home. Often one person has an account in each; otherwise nothing isolates them. It can be told only where the accounts of several domains have been read.",
		Remedy:      "Find out whether it is one person. If not, give each account a home of its own.",
	}, Crowd: func(c *audit.Crowd, _ *audit.Settings, tell func(audit.Object, audit.Answer)) {
		domains := map[string]bool{}
		c.Places(func(p *audit.Place) bool {
			domains[p.Domain] = true
			return true
		})
		c.Overlaps(func(same, _ []audit.Place) bool {
			for i := range same {
				p := &same[i]
				switch others := elsewhere(same, p.Domain); {
				case others > 0 && !p.Declared:
					var theirs []audit.Place
					for _, o := range same {
						if o.Domain != p.Domain && len(theirs) < shown {
							theirs = append(theirs, o)
						}
					}
					tell(p.Object, overlap(p, theirs, "the home belongs to an account of "+theirs[0].Domain+", too"))
				case len(domains) < 2:
					tell(p.Object, notChecked("accounts of one domain alone were read"))
				default:
					tell(p.Object, audit.Answer{})
				}
			}
			return true
		})
		unjudged(c, tell)
	}}
}
