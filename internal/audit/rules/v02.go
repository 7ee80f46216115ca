package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v02 finds the other half of a home.
func v02() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V02", Title: "directory without root", Severity: audit.High,
		Explanation: "The account has msIIS-FTPDir and no msIIS-FTPRoot. Isolation needs both; with one of them every login is refused with 530.",
		Remedy:      `Set the missing attribute: ftpisoctl set LOGIN --root '\\server\share'. If the account is to have no home, remove the other: ftpisoctl clear LOGIN.`,
		References:  []string{"Microsoft, IIS: FTP user isolation with Active Directory"},
	}, Account: withValues(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if a.Dir != "" && a.Root == "" {
			return found(a, homedir.AttrRoot, homedir.AttrDir+" is set and "+homedir.AttrRoot+" is absent: the login is refused")
		}
		return audit.Answer{}
	})}
}
