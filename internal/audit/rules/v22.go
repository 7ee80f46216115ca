package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// v22 finds exceptions from the names that an administrator expects.
func v22() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V22", Title: "directory is not named as agreed", Severity: audit.Info, Fix: true,
		Explanation: "msIIS-FTPDir differs from what --naming says, for example {login}. Often the account was renamed, and the directory was not; or the value was copied from a colleague.",
		Remedy:      "Rename the directory and the value, or leave it; --fix-plan changes the value alone.",
	}, Account: valid(func(a *audit.Account, s *audit.Settings) audit.Answer {
		if s.Naming == "" {
			return notChecked("no --naming says how directories are to be called")
		}
		want := strings.ReplaceAll(s.Naming, "{login}", a.SAMAccountName)
		if winpath.Fold(strings.TrimLeft(a.Dir, `\/`)) == winpath.Fold(want) {
			return audit.Answer{}
		}
		return replaced(a, found(a, homedir.AttrDir, "the directory is to be called "+want), a.Root, want)
	})}
}
