package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// v04 finds what a bulk script in circulation does to everybody.
func v04() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V04", Title: "root and directory swapped", Severity: audit.High, Fix: true,
		Explanation: "msIIS-FTPDir holds an absolute path and msIIS-FTPRoot a relative one, as a bulk script in circulation writes them. Every login is refused.",
		Remedy:      "Put the share into msIIS-FTPRoot and the folder into msIIS-FTPDir; --fix-plan writes that exchange.",
	}, Account: readable(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		if !swapped(a) {
			return audit.Answer{}
		}
		return replaced(a, found(a, homedir.AttrDir, "the two values stand in each other's place"), a.Dir, a.Root)
	})}
}
