package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v08 finds what means something in an administrator's session alone.
func v08() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V08", Title: "root is a mapped drive or an environment variable", Severity: audit.High,
		Explanation: "msIIS-FTPRoot begins with a drive letter from N to Z or without a folder behind it, or holds a variable such as %HOME%. Mapped drives and variables belong to a logged-on session; a service sees neither.",
		Remedy:      `Write the share that is meant as \\server\share.`,
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		relative := hasDrive(a.Root) && (len(a.Root) < 3 || !separator(rune(a.Root[2])))
		late := hasDrive(a.Root) && a.Root[0]|0x20 >= firstMapped
		switch {
		case strings.Count(a.Root, "%") > 1:
			return found(a, homedir.AttrRoot, "nobody expands a variable in the value")
		case relative || late:
			return found(a, homedir.AttrRoot, "a service does not see drives that are mapped in a session")
		}
		return audit.Answer{}
	})}
}
