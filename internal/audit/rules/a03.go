package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// a03 finds accounts that are locked now. The raw lockoutTime stays when a lock ends;
// the computed flag does not.
func a03() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A03", Title: "account locked out", Severity: audit.Low,
		Explanation: "The account is locked out at this moment, by too many wrong passwords (msDS-User-Account-Control-Computed). Logins are refused until the lock ends or an administrator lifts it. A client with an old password that tries again and again is the usual cause.",
		Remedy:      "Find the client with the old password, then unlock the account.",
	}, Account: enabled(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if !a.Account.Account.Locked {
			return audit.Answer{}
		}
		return found(a, "msDS-User-Account-Control-Computed", "the account is locked out now")
	})}
}
