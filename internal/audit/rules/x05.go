package rules

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// x05 finds homes that two domains have given away.
func x05() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "X05", Title: "same home in two domains", Severity: audit.Medium,
		Explanation: "An account of another domain of the forest has the same home. Often one person has an account in each; otherwise nothing isolates them. All homes of the other domains are read, each at a domain controller of its own, with the account that reads this one.",
		Remedy:      "Find out whether it is one person. If not, give each account a home of its own.",
	}, Domain: func(ctx context.Context, c *audit.Crowd, s *audit.Settings, tell tellObject) error {
		unjudged(c, tell)
		shared := map[string][]audit.Place{} // by objectGUID, who else has the home
		reason := noDirectory
		if s.Permissions != nil && s.Permissions.Forest != nil {
			reason = elsewhereTo(ctx, c, s, shared)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		c.Places(func(p *audit.Place) bool {
			switch others := shared[p.GUID]; {
			case len(others) > 0 && !p.Declared:
				tell(p.Object, overlap(p, others, "the home belongs to "+others[0].Login+" of "+others[0].Domain+", too"))
			case reason != "":
				tell(p.Object, notChecked(reason))
			default:
				tell(p.Object, audit.Answer{})
			}
			return true
		})
		return nil
	}}
}

// elsewhereTo notes who in the other domains has a home of this one, and returns why
// not all of them are known.
func elsewhereTo(ctx context.Context, c *audit.Crowd, s *audit.Settings, shared map[string][]audit.Place) (reason string) {
	sample := c.Sample()
	if sample == nil {
		return ""
	}
	forest := s.Permissions.Forest
	for _, domain := range forest.Domains() {
		if strings.EqualFold(domain.DNSName, sample.DNSDomain) {
			continue
		}
		scope := ldapattr.Scope{Filter: "(&(" + homedir.AttrRoot + "=*)(" + homedir.AttrDir + "=*))"}
		if domain.DNSName != forest.Home().Domain().DNSName { // which may have a base of its own
			scope.OU = domain.BaseDN
		}
		for user, err := range forest.Users(ctx, scope) {
			if err != nil {
				reason = cmp.Or(reason, fmt.Sprintf("the domain %s cannot be read: %v", domain.DNSName, err))
				break
			}
			if home, err := user.Home(); err == nil {
				meet(c.At(home.Location(), s), user, home, shared)
			}
		}
	}
	return reason
}

// meet notes a user of another domain at all who have the same home.
func meet(same []audit.Place, user ldapattr.User, home homedir.Home, shared map[string][]audit.Place) {
	for i := range same {
		p := &same[i]
		if others := shared[p.GUID]; len(others) < shown {
			who := audit.Object{GUID: user.GUID.String(), SID: user.SID, DN: user.DN, Login: user.SAMAccountName, Domain: user.DNSDomain}
			shared[p.GUID] = append(others, audit.Place{Object: who, Location: home.Location(), Key: p.Key})
		}
	}
}
