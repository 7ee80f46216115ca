package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s14 finds homes to which this configuration lets no login go.
func s14() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S14", Title: "place is not listed in the configuration", Severity: audit.High, Level: 2,
		Explanation: "Homes lie on a file server that fileServers does not list, or in a folder that localRoots does not list. No login gets there, so that whoever can write the attributes does not choose where passwords go. A configuration without such a list serves nobody: then this is not checked, and no file server is asked.",
		Remedy:      "List the server in fileServers, or the folder in localRoots, if it is one of yours; else correct the attributes, and find out who wrote them.",
	}, Server: func(v audit.VisitedServer, s *audit.Settings) audit.Answer {
		if f := audit.At(v.Findings, survey.NotAdmitted); f != nil && !s.FileServers {
			return notChecked(noList)
		}
		return onServer(survey.NotAdmitted)(v, s)
	}, Home: func(v *audit.VisitedHome, s *audit.Settings) audit.Answer {
		f := audit.At(v.Findings, survey.NotAdmitted)
		switch {
		case f == nil:
			return nothing() // servers are what is counted
		case !s.LocalRoots:
			return notChecked(noList)
		}
		return about(v.Place, f)
	}}
}

// noList is why nobody can say whether a place is one of ours.
const noList = "the configuration lists no such places"
