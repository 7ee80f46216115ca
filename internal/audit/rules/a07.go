package rules

import (
	"fmt"
	"math/bits"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

const (
	smartCardRequired = 0x40000 // of userAccountControl, MS-ADTS 2.2.16
	hoursOfWeek       = 168
)

// a07 finds what keeps a password from being enough.
func a07() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A07", Title: "smart card, logon hours or workstations shut FTP out", Severity: audit.Medium,
		Explanation: "The account needs a smart card, may log on at some hours only, or from some workstations only. FTP has a password alone, and the logon happens on the FTP server; so logins fail always, at some hours, or unless the server is in the list.",
		Remedy:      "Lift the restriction, or add the FTP server to the workstations; or give the person a second account for FTP.",
	}, Account: enabled(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		allowed := 0
		for _, octet := range a.LogonHours {
			allowed += bits.OnesCount8(octet)
		}
		switch {
		case a.Flags&smartCardRequired != 0:
			return found(a, "userAccountControl", "a smart card is required")
		case len(a.LogonHours) > 0 && allowed < hoursOfWeek:
			return found(a, "logonHours", fmt.Sprintf("the account may log on in %d of %d hours a week", allowed, hoursOfWeek))
		case a.Workstations != "":
			return found(a, "userWorkstations", "the account may log on at some workstations only", audit.Evidence{Name: "userWorkstations", Value: a.Workstations})
		}
		return audit.Answer{}
	})}
}
