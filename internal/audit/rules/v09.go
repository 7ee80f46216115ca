package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// v09 finds roots that are less or more than a share.
func v09() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V09", Title: "root is not exactly a share", Severity: audit.Medium,
		Explanation: `msIIS-FTPRoot names no place at all, or a server without a valid share, with which no login succeeds (then the finding is high), or a folder below a share. The latter works; it only makes it harder to see what is on which share.`,
		Remedy:      `Write \\server\share into msIIS-FTPRoot and the rest into msIIS-FTPDir.`,
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if reason := noPlace(a); reason != "" {
			answer := found(a, homedir.AttrRoot, reason)
			answer.Severity = audit.High
			return answer
		}
		switch names := strings.FieldsFunc(a.Root, separator); {
		case !isUNC(a.Root) || isDevice(a.Root):
		case len(names) > 2:
			return found(a, homedir.AttrRoot, "the value is a folder below a share")
		}
		return audit.Answer{}
	})}
}

// noPlace says why a root names neither a share nor a folder, where no other rule
// says it better.
func noPlace(a *audit.Account) string {
	root := strings.Trim(a.Root, " ")
	names := strings.FieldsFunc(root, separator)
	switch {
	case root == "" || swapped(a) || hasDrive(root) || isPOSIX(root) || strings.Count(root, "%") > 1 ||
		winpath.CheckText(root) != nil || strings.ContainsFunc(root, oddMark):
		return ""
	case isDevice(root):
		return "the value is the path of a device"
	case !isUNC(root):
		return "the value is not absolute"
	case len(names) < 2:
		return "the value names no share"
	case strings.EqualFold(names[1], "IPC$"): // V20
		return ""
	}
	if _, err := homedir.ParseLocation(`\\` + names[0] + `\` + names[1]); err != nil {
		return "the value " + err.Error()
	}
	return ""
}
