package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v21 finds users who own a share as a whole.
func v21() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V21", Title: "directory names the root itself", Severity: audit.Low,
		Explanation: `msIIS-FTPDir is only "." or a separator, so that the home is all that msIIS-FTPRoot names. That is right where every user has a share; anywhere else the user sees everybody's homes (X03).`,
		Remedy:      "Write a directory, unless the share belongs to this user alone.",
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if !whole(a.Dir) {
			return audit.Answer{}
		}
		return found(a, homedir.AttrDir, "the home is all that "+homedir.AttrRoot+" names")
	})}
}
