package rules

import (
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// a09 finds logon names that users cannot guess.
func a09() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A09", Title: "logon names differ, or have a foreign suffix", Severity: audit.Low,
		Explanation: "What stands before the @ of the userPrincipalName is not the sAMAccountName, so one person has two logins; or the suffix is neither the domain nor one that the forest is known to have, so that other domains do not find the account by it.",
		Remedy:      "Make the names agree, and register the suffix in the forest.",
	}, Account: withValues(func(a *audit.Account, s *audit.Settings) audit.Answer {
		prefix, suffix, has := strings.Cut(a.UPN, "@")
		evidence := audit.Evidence{Name: "userPrincipalName", Value: a.UPN}
		same := func(other string) bool { return strings.EqualFold(other, suffix) }
		switch {
		case !has:
			return audit.Answer{}
		case winpath.Fold(prefix) != winpath.Fold(a.SAMAccountName):
			return found(a, "userPrincipalName", "the account has two logins, "+a.SAMAccountName+" and "+a.UPN, evidence)
		case same(a.DNSDomain), slices.ContainsFunc(s.Suffixes, same):
			return audit.Answer{}
		case s.Suffixes == nil:
			return notChecked("the further UPN suffixes of the forest are not known")
		}
		return found(a, "userPrincipalName", "the suffix "+suffix+" is none of the forest", evidence)
	})}
}
