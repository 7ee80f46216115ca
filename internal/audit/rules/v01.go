package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v01 finds half a home: the half that a bulk script got through.
func v01() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V01", Title: "root without directory", Severity: audit.High,
		Explanation: "The account has msIIS-FTPRoot and no msIIS-FTPDir. Isolation needs both; with one of them every login is refused with 530.",
		Remedy:      "Set the missing attribute: ftpisoctl set LOGIN --dir NAME. If the account is to have no home, remove the other: ftpisoctl clear LOGIN.",
		References:  []string{"Microsoft, IIS: FTP user isolation with Active Directory"},
	}, Account: withValues(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if a.Root != "" && a.Dir == "" {
			return found(a, homedir.AttrDir, homedir.AttrRoot+" is set and "+homedir.AttrDir+" is absent: the login is refused")
		}
		return audit.Answer{}
	})}
}
