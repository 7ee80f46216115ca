package rules

import (
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// h13 finds what users leave behind.
func h13() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H13", Title: "directory that no user points to", Severity: audit.Medium, Level: 2,
		Explanation: "A directory lies beside homes, and no account points to it or below it: most often the home of somebody who has left. What is in it is kept for nobody, and the next user of that name inherits it. It is looked for in folders from the roots of users down to their homes, not in homes themselves. Only an audit of all users can tell, in a forest of one domain: elsewhere it may be the home of somebody who was not asked about.",
		Remedy:      "Find out whose it was, then archive or remove it; nothing is deleted here. What is meant to be there, accept with a suppression: rule H13 with the location, in which * stands for anything.",
	}, Orphans: func(v *audit.VisitedShare, s *audit.Settings, tell tellObject) {
		share := audit.Object{Login: v.Volume.String()}
		switch {
		case v.Unknown != "":
			tell(share, notChecked(v.Unknown))
			return
		case s.Partial:
			tell(share, notChecked("others than those in scope may have them as homes"))
			return
		case v.Unlisted != "":
			tell(share, notChecked(v.Unlisted))
		case len(v.Orphans) == 0:
			tell(share, audit.Answer{})
		}
		for _, o := range v.Orphans {
			answer := audit.Answer{Status: audit.Found, Location: o.Location.String(), Message: "no user has this directory as a home, or one below it"}
			if !o.Changed.IsZero() {
				answer.Evidence = []audit.Evidence{{Name: "changed", Value: o.Changed.UTC().Format(time.DateOnly)}}
			}
			tell(audit.Object{Login: v.Volume.String()}, answer)
		}
	}}
}
