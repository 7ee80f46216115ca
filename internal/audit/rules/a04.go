package rules

import (
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// a04 finds passwords that FTP cannot ask to change.
func a04() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A04", Title: "password expired or to be changed", Severity: audit.High,
		Explanation: "The password has expired, or must be changed at the next logon. FTP has no way to ask for a new one, so every login is refused until the password is changed elsewhere.",
		Remedy:      "Have the user change the password on a workstation or a portal, or set one for accounts that log on by FTP alone.",
	}, Account: enabled(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		switch state := a.Account.Account; {
		case state.MustChange:
			return found(a, "pwdLastSet", "the password must be changed at the next logon")
		case state.PasswordExpired:
			return found(a, "msDS-User-Account-Control-Computed", "the password has expired",
				audit.Evidence{Name: "msDS-UserPasswordExpiryTimeComputed", Value: a.PasswordExpires.Format(time.RFC3339)})
		}
		return audit.Answer{}
	})}
}
