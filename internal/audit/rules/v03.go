package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v03 finds who was forgotten. Who ought to have a home only a group or an OU can say.
func v03() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V03", Title: "member of the FTP group or OU without a home", Severity: audit.High,
		Explanation: "The account is in the group or OU that the audit was limited to, and has neither attribute. Copying an account in the console does not copy them, so new members are often forgotten.",
		Remedy:      `Give the account a home: ftpisoctl set LOGIN --root '\\server\share' --dir NAME, many at once with ftpisoctl plan. Or take it out of the group.`,
	}, Account: func(a *audit.Account, s *audit.Settings) audit.Answer {
		switch {
		case stranger(a):
			return nothing()
		case audit.HasValues(a):
			return audit.Answer{}
		case len(a.Classes) == 0:
			return notChecked(noClass)
		case !s.Scoped:
			return notChecked("no --group or --ou says who is to have a home")
		case a.Account.Account.Known && !a.Account.Account.Enabled:
			return nothing()
		}
		return found(a, homedir.AttrRoot, "has neither "+homedir.AttrRoot+" nor "+homedir.AttrDir+": the login is refused")
	}}
}
