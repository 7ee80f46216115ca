package rules

import (
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// a06 finds administrators who send their password by FTP.
func a06() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A06", Title: "privileged account with a home", Severity: audit.High,
		Explanation: "The account is or was in a protected group (adminCount is 1, or it is a member of a group such as Domain Admins). Its password is worth the domain and does not belong into an FTP client; and its permissions are reset every hour, so that delegated administrators cannot write its values.",
		Remedy:      "Give the person a second account for FTP, and remove the values from this one: ftpisoctl clear LOGIN. If it is no longer privileged, clear adminCount.",
		References:  []string{"Microsoft, Protected Accounts and Groups in Active Directory"},
	}, Account: known(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		protected := slices.ContainsFunc(a.Groups, isProtected)
		if a.AdminCount != 1 && !protected {
			return audit.Answer{}
		}
		location := "adminCount"
		if protected {
			location = "memberOf"
		}
		return found(a, location, "the account is protected as those of administrators are")
	})}
}

// isProtected reports whether a DN is of a group that AdminSDHolder watches over, by
// its English name. Under another name adminCount tells it within an hour.
func isProtected(group string) bool {
	name, rest, _ := strings.Cut(strings.ToLower(group), ",")
	return (strings.HasPrefix(rest, "cn=users,dc=") || strings.HasPrefix(rest, "cn=builtin,dc=")) && slices.Contains([]string{
		"cn=domain admins", "cn=enterprise admins", "cn=schema admins", "cn=administrators", "cn=account operators",
		"cn=backup operators", "cn=server operators", "cn=print operators", "cn=domain controllers", "cn=key admins", "cn=enterprise key admins",
	}, name)
}
