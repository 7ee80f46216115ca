package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// lacks is a home in which al lacks rights, for sure or not.
func lacks(missing survey.Rights, reason string) scene {
	return scene{home: func(h *survey.Home) {
		h.Access[0].Rights, h.Access[0].Missing, h.Access[0].Reason = survey.AllRights&^missing, missing, reason
	}}
}

func TestH05(t *testing.T) {
	visit(t, "H05",
		seen{name: "nothing at all", scene: lacks(survey.AllRights, ""), want: `high \\fs01.corp.example.com\ftp$\al CORP\al may not list,read,write,delete in the own home`},
		seen{name: "no reading", scene: lacks(survey.Read, ""), want: `may not read`},
		seen{name: "no writing is H06", scene: lacks(survey.Write, ""), want: "passed"},
		seen{name: "all", want: "passed"},
		seen{name: "not for sure", scene: lacks(survey.List, "conditions"), want: "not checked: what the user may do is not known for sure"},
		seen{name: "nobody weighed", scene: scene{home: func(h *survey.Home) { h.Access = nil }}, want: "not checked: what the user may do is not known for sure"},
		seen{name: "missing", scene: wrong(survey.Missing), want: "not checked: there is no directory"},
	)
}
