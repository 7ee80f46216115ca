package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// x06 finds logon names that could mean two people.
func x06() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X06", Title: "ambiguous login", Severity: audit.Medium,
		Explanation: "The sAMAccountName of one account is what stands before the @ in the userPrincipalName of another. Who types the name may mean either; a server that resolves it once for the password and once for the home can be fooled into opening the wrong home. The names of other domains of the forest are not read, so where there are any an account without a finding is not checked.",
		Remedy:      "Change the userPrincipalName of the account whose sAMAccountName differs.",
	}, Crowd: func(c *audit.Crowd, s *audit.Settings, tell func(audit.Object, audit.Answer)) {
		ambiguous := map[string]bool{}
		c.Collisions(func(name string, all []audit.Name) bool {
			own := 0 // accounts whose sAMAccountName it is
			for _, n := range all {
				if winpath.Fold(n.Login) == name {
					own++
				}
			}
			for i, n := range all {
				if own == 0 || !n.Home || ambiguous[n.GUID] {
					continue
				}
				other := all[0]
				if i == 0 {
					other = all[1]
				}
				ambiguous[n.GUID] = true
				tell(n.Object, audit.Answer{
					Status: audit.Found, Location: "userPrincipalName", Message: "the login " + strings.ToLower(name) + " could also mean " + other.DN,
					Evidence: []audit.Evidence{{Name: "userPrincipalName", Value: n.UPN}, {Name: "other", Value: other.DN}, {Name: "its userPrincipalName", Value: other.UPN}},
				})
			}
			return true
		})
		c.Places(func(p *audit.Place) bool {
			switch {
			case ambiguous[p.GUID]:
			case s.Narrowed:
				tell(p.Object, notChecked("the names of accounts outside the scope are not known"))
			case s.Permissions != nil && s.Permissions.Forest != nil && len(s.Permissions.Forest.Domains()) > 1:
				tell(p.Object, notChecked("the names of accounts in other domains are not known"))
			default:
				tell(p.Object, audit.Answer{})
			}
			return true
		})
	}}
}
