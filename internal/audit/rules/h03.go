package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// h03 finds homes into which anybody may write.
func h03() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "H03", Title: "anybody may write into the home", Severity: audit.Critical, Level: 3,
		Explanation: "The access list of the home lets Everyone, Authenticated Users, Users, Domain Users or Guests write or delete in it, or change its permissions. Whoever has an account replaces the files of the user. A home without a list is H10.",
		Remedy:      "Take the entries for everybody away; ftpisoctl shares mkdir LOGIN --repair gives the home the list of a private one.",
		References:  []string{"CWE-732"},
	}, Home: secured(func(v *audit.VisitedHome, _ *audit.Settings) audit.Answer {
		if v.Descriptor.DACL == nil {
			return nothing()
		}
		unsure := false
		for _, crowd := range anybody(v) {
			may, perhaps := opened(v, crowd.token)
			unsure = unsure || perhaps
			if may != "" {
				return audit.Answer{
					Status: audit.Found, Location: v.Place, Message: crowd.name + " may " + may + " here",
					Evidence: []audit.Evidence{computed()},
				}
			}
		}
		if unsure {
			return notChecked(othersUnsure)
		}
		return audit.Answer{}
	})}
}

// opened says what of writing a token may do in a home, "" for nothing that is sure; then
// unsure says whether conditions, which nobody weighs, might let it do more.
func opened(v *audit.VisitedHome, token secdesc.Token) (may string, unsure bool) {
	const control = secdesc.WriteDACL | secdesc.WriteOwner
	rights, reason := survey.Weigh(*v.Descriptor, token)
	over := secdesc.Effective(*v.Descriptor, token)
	switch {
	case rights&(survey.Write|survey.Delete) != 0:
		return rights.String(), false
	case over.Granted&control != 0:
		return "change the permissions", false
	}
	return "", reason != "" || over.Possible&control != 0
}
