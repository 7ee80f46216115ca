package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// a10 finds machines and services among the users.
func a10() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A10", Title: "account is not a plain user", Severity: audit.Info,
		Explanation: "The account is a computer, a managed service account or an inetOrgPerson. Nobody knows the password of the first two, so nobody logs on by FTP; the last works, and some tools overlook it.",
		Remedy:      "Give the home to the account of a person, unless this is meant.",
	}, Account: withValues(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		for _, class := range [...]string{"msDS-GroupManagedServiceAccount", "msDS-ManagedServiceAccount", "computer", "inetOrgPerson", "contact"} {
			if is(a, class) {
				return found(a, "objectClass", "the account is of the class "+class, audit.Evidence{Name: "objectClass", Value: strings.Join(a.Classes, ", ")})
			}
		}
		return audit.Answer{}
	})}
}
