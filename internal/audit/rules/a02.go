package rules

import (
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// a02 finds homes of those whose time is over.
func a02() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A02", Title: "expired account with a home", Severity: audit.Medium, Fix: true,
		Explanation: "The account has expired (accountExpires) and still has a home. Every login is refused.",
		Remedy:      "Extend the account, or archive the directory and remove the values: ftpisoctl clear LOGIN.",
	}, Account: enabled(func(a *audit.Account, s *audit.Settings) audit.Answer {
		expires := a.Account.Account.Expires
		if expires.IsZero() || s.Now.Before(expires) {
			return audit.Answer{}
		}
		return clears(a, found(a, "accountExpires", "the account expired on "+expires.Format(time.DateOnly),
			audit.Evidence{Name: "accountExpires", Value: expires.Format(time.RFC3339)}))
	})}
}
