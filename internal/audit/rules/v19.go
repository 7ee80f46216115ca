package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v19 finds servers that go by two names, one of them short.
func v19() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V19", Title: "short host name where others use the full one", Severity: audit.Low, Fix: true,
		Explanation: "One file server is named by its short name in some accounts and by its full DNS name in others. The short name needs a search suffix and may mean another machine elsewhere; lists of admitted file servers and comparisons of homes see two servers.",
		Remedy:      "Write the full DNS name everywhere, at once with ftpisoctl rename-root; --fix-plan does it one by one.",
	}, Crowd: func(c *audit.Crowd, _ *audit.Settings, tell func(audit.Object, audit.Answer)) {
		full := fullNames(c)
		c.Places(func(p *audit.Place) bool {
			if p.Location.Kind() != homedir.KindUNC {
				return true
			}
			short := p.Location.Server()
			long := full[strings.ToLower(short)]
			if len(long) == 0 {
				tell(p.Object, audit.Answer{})
				return true
			}
			answer := audit.Answer{
				Status: audit.Found, Location: homedir.AttrRoot, Message: "the host " + short + " is called " + long[0] + " by others",
				Evidence: []audit.Evidence{{Name: homedir.AttrRoot, Value: p.Home.Root}, {Name: "others", Value: strings.Join(long[:min(len(long), shown)], ", ")}},
			}
			if after := (audit.FixValues{Root: strings.Replace(p.Home.Root, short, long[0], 1), Dir: p.Home.Dir}); len(long) == 1 {
				answer.Fix = &audit.Fix{Action: "set", Before: p.Home, After: after}
			}
			tell(p.Object, answer)
			return true
		})
		unjudged(c, tell)
	}}
}

// notValid is why rules about places do not judge an account.
const notValid = "the home is not valid"

// fullNames are the full names of hosts, by the first label.
func fullNames(c *audit.Crowd) map[string][]string {
	seen := map[string]map[string]bool{}
	c.Places(func(p *audit.Place) bool {
		host := strings.ToLower(p.Location.Server())
		if short, _, dotted := strings.Cut(host, "."); dotted && strings.Trim(host, "0123456789.") != "" {
			if seen[short] == nil {
				seen[short] = map[string]bool{}
			}
			seen[short][host] = true
		}
		return true
	})
	full := map[string][]string{}
	for short, names := range seen {
		full[short] = slices.SortedFunc(maps.Keys(names), cmp.Compare)
	}
	return full
}
