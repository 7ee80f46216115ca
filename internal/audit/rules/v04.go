package rules

import (
	"strings"

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
		root, dir := exchanged(a)
		return replaced(a, found(a, homedir.AttrDir, "the two values stand in each other's place"), root, dir)
	})}
}

// exchanged puts the values in their places: the share alone is the root, and what was
// behind it goes before the folder. A share as a whole is for a person to decide about.
func exchanged(a *audit.Account) (root, dir string) {
	home, err := homedir.New(a.Dir, a.Root)
	place := home.Location()
	switch {
	case err != nil || place.Path() == "" || place.Kind() != homedir.KindUNC && whole(a.Root):
		return a.Root, a.Dir
	case place.Kind() == homedir.KindUNC:
		return place.Base().String(), strings.ReplaceAll(place.Path(), "/", `\`)
	}
	return a.Dir, a.Root
}
