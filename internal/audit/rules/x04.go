package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// x04 finds one directory behind two names, as far as names alone tell.
func x04() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X04", Title: "one directory reached by different names", Severity: audit.High,
		Explanation: "Two accounts have homes that differ in the host alone, which is short in one and complete in the other: most likely the same machine, and the same directory. Aliases in DNS, links of DFS, second shares and junctions can hide the same; names alone do not show those, so a home without a finding is not checked.",
		Remedy:      "Write the same host in both, and give each account a home of its own.",
		References:  []string{"CWE-668"},
	}, Crowd: func(c *audit.Crowd, _ *audit.Settings, tell func(audit.Object, audit.Answer)) {
		full := fullNames(c)
		first := map[string]audit.Place{} // by path with the short host
		key := func(p *audit.Place) string {
			host, _, _ := strings.Cut(strings.ToLower(p.Location.Server()), ".")
			return host + `\` + winpath.Fold(p.Location.Share()+`\`+p.Location.Path())
		}
		c.Places(func(p *audit.Place) bool {
			if p.Location.Kind() == homedir.KindUNC && strings.Contains(p.Location.Server(), ".") {
				first[key(p)] = *p
			}
			return true
		})
		c.Places(func(p *audit.Place) bool {
			if p.Location.Kind() != homedir.KindUNC {
				return true
			}
			if other, same := first[key(p)]; same && len(full[strings.ToLower(p.Location.Server())]) > 0 && other.GUID != p.GUID {
				tell(p.Object, overlap(p, []audit.Place{other}, "the home is most likely the one of "+other.Login))
				return true
			}
			tell(p.Object, notChecked("aliases, DFS links and second shares show on the file server only, which level 0 does not ask"))
			return true
		})
		unjudged(c, tell)
	}}
}
