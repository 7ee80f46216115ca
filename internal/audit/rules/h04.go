package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h04 finds homes that users can get into who are not at home there.
func h04() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H04", Title: "another FTP user may read or write", Severity: audit.High, Level: 3,
		Explanation: "The access list of the home lets another user with a home list, read, write or delete in it: by name, through a group, or as one of everybody. FTP keeps users in their homes; by any other way to the file server, and in a home that lies above, nothing does. Administrators are left out, they get in everywhere; a home that anybody may write to is H03.",
		Remedy:      "Take the entries away that mean more than the user and the administrators; ftpisoctl shares mkdir LOGIN --repair gives the home the list of a private one.",
		References:  []string{"CWE-732"},
	}, Home: secured(func(v *audit.VisitedHome, s *audit.Settings) audit.Answer {
		if v.Descriptor.DACL == nil {
			return nothing()
		}
		unsure := false
		for _, crowd := range anybody(v) {
			may, perhaps := opened(v, crowd.token)
			unsure = unsure || perhaps
			if may != "" {
				return nothing()
			}
		}
		for _, crowd := range anybody(v) {
			if rights, _ := survey.Weigh(*v.Descriptor, crowd.token); rights != 0 {
				return audit.Answer{
					Status: audit.Found, Location: v.Place, Message: crowd.name + " may " + rights.String() + " here", Evidence: []audit.Evidence{computed()},
				}
			}
		}
		if v.Circle == nil {
			return notChecked("the groups of users are not known")
		}
		who, reason := v.Circle.Others(v)
		switch {
		case len(who) > 0:
			return others(v, who)
		case reason != "":
			return notChecked(reason)
		case unsure:
			return notChecked(othersUnsure)
		case s.Narrowed:
			return notChecked("the groups of accounts outside the scope are not known")
		}
		return audit.Answer{}
	})}
}

// others is the answer that names who else gets in.
func others(v *audit.VisitedHome, who []survey.Access) audit.Answer {
	var all survey.Rights
	var names []string
	for _, a := range who {
		all |= a.Rights
		names = append(names, a.Account.SAMAccountName)
	}
	return audit.Answer{
		Status: audit.Found, Location: v.Place, Message: "other users may " + all.String() + " here",
		Evidence: []audit.Evidence{{Name: "others", Value: strings.Join(names, ", ")}, computed()},
	}
}
