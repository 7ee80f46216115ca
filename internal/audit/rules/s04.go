package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// s04 finds homes behind names that lead elsewhere.
func s04() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "S04", Title: "path belongs to a DFS namespace", Severity: audit.Medium, Level: 2,
		Explanation: "The path of homes belongs to a DFS namespace: a server, a share or a folder in it answers that what is behind it lies elsewhere. FTP servers that do not follow DFS refuse the login, and what is behind the namespace is not checked.",
		Remedy:      "Give the target of the namespace under dfs: in the configuration, or write the target itself into the attributes.",
	}, Server: func(v audit.VisitedServer, _ *audit.Settings) audit.Answer {
		if f := audit.At(v.Findings, survey.Namespace); f != nil {
			return about(v.Name, f)
		}
		return nothing() // shares are what is counted
	}, Share: onShare(survey.Namespace), Home: func(v *audit.VisitedHome, s *audit.Settings) audit.Answer {
		if f := audit.At(v.Findings, survey.Namespace); f != nil {
			return about(v.Place, f)
		}
		return nothing() // shares are what is counted
	}}
}
