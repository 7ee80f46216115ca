package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s16 finds what the audit itself may not enter.
func s16() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S16", Title: "file server or share does not take the account that checks", Severity: audit.Medium, Level: 2,
		Explanation: "The account of the audit cannot log on to the file server, or may not enter the share. That need not be a fault: users may get there. But nothing can be said about the homes behind it, which count as not checked.",
		Remedy:      "Run the audit as an account that may read the shares, and whose password is given: --bind-user with --password-file. If the account should get there, look at Kerberos, NTLM and the permissions of the share.",
	}, Server: func(v audit.VisitedServer, s *audit.Settings) audit.Answer {
		answer := onServer(survey.Refused)(v, s)
		if answer.Status == audit.Passed && v.Session == "" {
			return notChecked("nobody entered the file server")
		}
		return answer
	}, Share: onShare(survey.Refused)}
}
