package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// x01 finds two users in one home.
func x01() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X01", Title: "two logins, one home", Severity: audit.Critical,
		Explanation: "Two or more accounts have the same home, however it is spelled: letter case, separators and known aliases of a host do not count. Each of them reads and changes the files of the others; nothing isolates them.",
		Remedy:      "Give each account a home of its own. Where several are to share one, say so in the list of shared homes, with the reason.",
		References:  []string{"CWE-668"},
	}, Crowd: func(c *audit.Crowd, s *audit.Settings, tell func(audit.Object, audit.Answer)) {
		c.Overlaps(func(same, _ []audit.Place) bool {
			for i := range same {
				p := &same[i]
				others := slices.DeleteFunc(slices.Clone(same[:min(len(same), shown+1)]), func(o audit.Place) bool { return o.GUID == p.GUID })
				if len(same) == 1 || p.Declared {
					tell(p.Object, alone(p, s))
					continue
				}
				tell(p.Object, overlap(p, others, fmt.Sprintf("%d accounts have this home", len(same))))
			}
			return true
		})
		unjudged(c, tell)
	}}
}

// alone is the answer about a home that none of the accounts that were read disturbs.
func alone(p *audit.Place, s *audit.Settings) audit.Answer {
	if s.Narrowed && !p.Declared {
		return notChecked("the homes of accounts outside the scope are not known")
	}
	return audit.Answer{}
}

// shown is how many other accounts an evidence names.
const shown = 10

// overlap is the answer that names other accounts.
func overlap(p *audit.Place, others []audit.Place, message string) audit.Answer {
	place := p.Location.String()
	var names []string
	for _, o := range others[:min(len(others), shown)] {
		names = append(names, o.Login)
	}
	evidence := []audit.Evidence{{Name: "home", Value: place}, {Name: "others", Value: strings.Join(names, ", ")}}
	if len(others) > 0 && others[0].Key != p.Key {
		evidence = append(evidence, audit.Evidence{Name: "their home", Value: others[0].Location.String()})
	}
	return audit.Answer{Status: audit.Found, Location: place, Message: message, Evidence: evidence}
}

// unjudged counts the accounts that no rule about places can judge.
func unjudged(c *audit.Crowd, tell func(audit.Object, audit.Answer)) {
	for range c.Broken() {
		tell(audit.Object{}, notChecked(notValid))
	}
}
