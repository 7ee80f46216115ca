package rules

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// Bits of userAccountControl (MS-ADTS 2.2.16).
const (
	passwordNotRequired = 0x20
	passwordLasts       = 0x10000
)

// a08 finds passwords that are old, or that are none.
func a08() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A08", Title: "password never expires, or none is required", Severity: audit.Low,
		Explanation: "The password never expires: whoever has got it has it for ever. Where no password is required the finding is high: an administrator can leave the account without one, whatever the rules for passwords say.",
		Remedy:      "Let the password expire, or change it by a plan; take the flag PASSWD_NOTREQD away.",
	}, Account: enabled(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		switch {
		case a.Flags&passwordNotRequired != 0:
			answer := found(a, "userAccountControl", "no password is required")
			answer.Severity = audit.High
			return answer
		case a.Flags&passwordLasts != 0:
			return found(a, "userAccountControl", "the password never expires")
		}
		return audit.Answer{}
	})}
}
