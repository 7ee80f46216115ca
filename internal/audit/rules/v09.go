package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v09 finds roots that are less or more than a share.
func v09() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V09", Title: "root is not exactly a share", Severity: audit.Medium,
		Explanation: `msIIS-FTPRoot names a server without a share, with which no login succeeds (then the finding is high), or a folder below a share. The latter works; it only makes it harder to see what is on which share.`,
		Remedy:      `Write \\server\share into msIIS-FTPRoot and the rest into msIIS-FTPDir.`,
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if !isUNC(a.Root) || isDevice(a.Root) {
			return audit.Answer{}
		}
		switch names := strings.FieldsFunc(a.Root, separator); {
		case len(names) < 2:
			answer := found(a, homedir.AttrRoot, "the value names no share")
			answer.Severity = audit.High
			return answer
		case len(names) > 2:
			return found(a, homedir.AttrRoot, "the value is a folder below a share")
		}
		return audit.Answer{}
	})}
}
