package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v06 finds a directory that would not lie below the root.
func v06() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V06", Title: "directory is an absolute path", Severity: audit.High, Fix: true,
		Explanation: "msIIS-FTPDir is a UNC path, begins with a drive letter or with more than one separator. It must be relative to msIIS-FTPRoot; every login is refused.",
		Remedy:      "Write the path below the root. Where the whole path is in msIIS-FTPDir and lies below msIIS-FTPRoot, --fix-plan shortens it.",
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if swapped(a) || !isUNC(a.Dir) && !hasDrive(a.Dir) && !isDevice(a.Dir) {
			return audit.Answer{}
		}
		answer := found(a, homedir.AttrDir, "the value is absolute; it must be relative to "+homedir.AttrRoot)
		if homes, err := homedir.New(a.Root, "."); err == nil {
			if l, err := homedir.ParseLocation(a.Dir); err == nil {
				if rest, ok := homes.Location().Rel(l); ok && rest != "" {
					return replaced(a, answer, a.Root, strings.ReplaceAll(rest, "/", `\`))
				}
			}
		}
		return answer
	})}
}
