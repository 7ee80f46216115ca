package rules

import (
	"cmp"
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// manyGroups is Settings.Groups by default. A token holds 1,015 SIDs with those of
// groups in groups; tickets get too large for some servers long before.
const manyGroups = 120

// a11 finds accounts whose logon may fail for its size.
func a11() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A11", Title: "very many groups", Severity: audit.Medium,
		Explanation: "The account is a direct member of 120 groups or more, or of as many as --groups says. Groups in groups come on top. A token holds 1,015 of them, and Kerberos tickets become too large for some servers before that: logins to shares then fail, for some users only, and nobody sees why.",
		Remedy:      "Take the account out of groups that it does not need.",
		References:  []string{"Microsoft KB 327825", "Microsoft KB 328889"},
	}, Account: known(func(a *audit.Account, s *audit.Settings) audit.Answer {
		n := len(a.Groups)
		if n < cmp.Or(s.Groups, manyGroups) && !a.MoreGroups {
			return audit.Answer{}
		}
		more := ""
		if a.MoreGroups {
			more = "more than "
		}
		return found(a, "memberOf", fmt.Sprintf("the account is a member of %s%d groups", more, n))
	})}
}
