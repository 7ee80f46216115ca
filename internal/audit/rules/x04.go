package rules

import (
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// x04 finds one directory behind two names.
func x04() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X04", Title: "one directory reached by different names", Severity: audit.High,
		Explanation: "Two accounts have homes of different names that are one directory, or lie one in the other. The configuration says so, where dfs: or pathMap: lead both to the same place; or the homes differ in the host alone, which is short in one and complete in the other: most likely the same machine. From level 1 on file servers with the same addresses count as one. Links of DFS that the configuration does not list, second shares and junctions can hide the same, so a home without a finding is not checked.",
		Remedy:      "Write the same host and share in both, and give each account a home of its own.",
		References:  []string{"CWE-668"},
	}, Crowd: func(c *audit.Crowd, s *audit.Settings, tell func(audit.Object, audit.Answer)) {
		answers := led(c, s)
		twins := shortened(c)
		c.Places(func(p *audit.Place) bool {
			answer, known := answers[p.GUID]
			switch {
			case known:
			case p.Location.Kind() != homedir.KindUNC:
				return true
			default:
				answer = unseen(c, p)
				if other := twins(p); other != nil {
					answer = overlap(p, []audit.Place{*other}, "the home is most likely the one of "+other.Login)
				}
			}
			tell(p.Object, answer)
			return true
		})
		unjudged(c, tell)
	}}
}

// unseen says what may hide another name of a home.
func unseen(c *audit.Crowd, p *audit.Place) audit.Answer {
	if _, met := c.Host(p); met {
		return notChecked("second shares and junctions do not show in names")
	}
	return notChecked("aliases, DFS links and second shares show on the file server only, which was not asked")
}

// led are the answers about homes that are the same place, or lie one in the other, behind
// the configuration and the names of servers, by objectGUID. Those that overlap by their names are for other rules.
func led(c *audit.Crowd, s *audit.Settings) map[string]audit.Answer {
	answers := map[string]audit.Answer{}
	reached := c.Reached(s)
	if reached == nil {
		return answers
	}
	named := map[string]string{} // the keys of the names
	c.Places(func(p *audit.Place) bool {
		named[p.GUID] = p.Key
		return true
	})
	called := map[string][]audit.Place{} // by key of the place, one account for each of its names
	reached.Overlaps(func(same, above []audit.Place) bool {
		called[same[0].Key] = ofEachName(same, named)
		for i := range same {
			p := &same[i]
			hidden := func(o audit.Place) bool { return !strings.HasPrefix(named[p.GUID], named[o.GUID]) }
			message, others := "the home is the one of ", called[p.Key]
			n := slices.IndexFunc(others, hidden)
			if n < 0 && len(above) > 0 {
				message, others = "the home lies inside the one of ", called[above[0].Key]
				n = slices.IndexFunc(others, hidden)
			}
			if n < 0 || p.Declared {
				continue
			}
			answer := overlap(p, others[n:n+1], message+others[n].Login+", by another name")
			answer.Evidence = append(answer.Evidence, audit.Evidence{Name: "their name", Value: others[n].Location.String()})
			if s.Reach != nil {
				answer.Evidence = append(answer.Evidence, audit.Evidence{Name: "leads to", Value: s.Reach(p.Location).String()})
			}
			answers[p.GUID] = answer
		}
		return true
	})
	return answers
}

// ofEachName keeps one account for each name of a home, so that a home of everybody takes
// no longer than others. What several may have counts for none.
func ofEachName(same []audit.Place, named map[string]string) []audit.Place {
	var kept []audit.Place
	seen := map[string]bool{}
	for _, p := range same {
		if name := named[p.GUID]; !p.Declared && !seen[name] {
			seen[name] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// shortened returns what finds the account whose home has the complete name of the host
// where another has the short one.
func shortened(c *audit.Crowd) func(*audit.Place) *audit.Place {
	full := fullNames(c)
	first := map[string]*audit.Place{} // by path with the short host
	key := func(p *audit.Place) string {
		host, _, _ := strings.Cut(strings.ToLower(p.Location.Server()), ".")
		return host + `\` + winpath.Fold(p.Location.Share()+`\`+p.Location.Path())
	}
	c.Places(func(p *audit.Place) bool {
		if p.Location.Kind() == homedir.KindUNC && strings.Contains(p.Location.Server(), ".") {
			first[key(p)] = p
		}
		return true
	})
	return func(p *audit.Place) *audit.Place {
		other := first[key(p)]
		if other == nil || len(full[strings.ToLower(p.Location.Server())]) == 0 || other.GUID == p.GUID {
			return nil
		}
		return other
	}
}
