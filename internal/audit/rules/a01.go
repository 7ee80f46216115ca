package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// a01 finds homes of those who are gone.
func a01() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A01", Title: "disabled account with a home", Severity: audit.Medium, Fix: true,
		Explanation: "The account is disabled and still has a home. Nobody logs on with it; its directory stays, with files that nobody feels responsible for, and the account works again the day it is enabled.",
		Remedy:      "Archive the directory and remove the values: ftpisoctl clear LOGIN, or --fix-plan for all.",
	}, Account: known(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if a.Account.Account.Enabled {
			return audit.Answer{}
		}
		return clears(a, found(a, "userAccountControl", "the account is disabled"))
	})}
}
