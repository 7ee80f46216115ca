package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h01 finds users whose home nobody made.
func h01() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H01", Title: "home directory is missing", Severity: audit.High, Level: 2,
		Explanation: "The share is there, and the directory that the attributes name is not, or a folder above it is missing. FTP servers do not create it: every login is refused with 530.",
		Remedy:      "Make it, with its access list: ftpisoctl shares mkdir LOGIN shows what it would do, and does it after consent. Or correct msIIS-FTPDir with ftpisoctl set.",
		References:  []string{"Microsoft, IIS: FTP user isolation with Active Directory"},
	}, Home: func(v *audit.VisitedHome, s *audit.Settings) audit.Answer {
		answer := onHome(survey.Missing)(v, s)
		if answer.Status == audit.Found {
			answer.Remedy = "Make it, with its access list: ftpisoctl shares mkdir " + argument(v.User) + " shows what it would do, and does it after consent. Or correct msIIS-FTPDir with ftpisoctl set."
		}
		return answer
	}}
}

// argument names a user in a command that can be copied into any shell: by login if
// that is nothing but letters, digits and what is harmless, else by objectGUID.
func argument(user ldapattr.User) string {
	const harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	login := user.SAMAccountName
	if login == "" || login[0] == '-' || strings.Trim(login, harmless) != "" {
		return user.GUID.String()
	}
	return login
}
