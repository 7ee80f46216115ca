package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH03(t *testing.T) {
	visit(t, "H03",
		seen{name: "Everyone", scene: scene{sddl: private + "(A;OICI;0x1301bf;;;WD)"}, want: "critical \\\\fs01.corp.example.com\\ftp$\\al everybody may list,read,write,delete here"},
		seen{name: "Authenticated Users", scene: scene{sddl: private + "(A;;0x100026;;;AU)"}, want: "every user of the domain may write here"},
		seen{name: "Users", scene: scene{sddl: private + "(A;OICI;FA;;;BU)"}, want: "every user of the domain may"},
		seen{name: "Domain Users", scene: scene{sddl: private + "(A;OICI;FA;;;DU)"}, want: "every user of the domain may"},
		seen{name: "Guests", scene: scene{sddl: private + "(A;OICI;FA;;;BG)"}, want: "every guest may"},
		seen{name: "the permissions", scene: scene{sddl: private + "(A;;WD;;;WD)"}, want: "everybody may change the permissions here"},
		seen{name: "denied first", scene: scene{sddl: "O:BAD:P(D;OICI;FA;;;WD)(A;OICI;FA;;;AU)"}, want: "passed"},
		seen{name: "on a condition", scene: scene{sddl: private + "(XA;OICI;FA;;;WD;0x61727478)"}, want: "not checked: what other users may do is not known for sure"},
		seen{name: "the permissions, on a condition", scene: scene{sddl: private + "(XA;;WD;;;WD;0x61727478)"}, want: "not checked: what other users may do is not known for sure"},
		seen{name: "one on a condition, one for sure", scene: scene{sddl: private + "(XA;OICI;FA;;;WD;0x61727478)(A;OICI;FA;;;AU)"}, want: "every user of the domain may"},
		seen{name: "reading", scene: scene{sddl: private + "(A;OICI;0x1200a9;;;WD)"}, want: "passed"},
		seen{name: "private", want: "passed"},
		seen{name: "a null list is H10", scene: scene{sddl: "O:BA"}, want: "nothing"},
		seen{name: "missing", scene: wrong(survey.Missing), want: "not checked: there is no directory"},
		seen{name: "no list was read", scene: scene{sddl: "none"}, want: "not checked: its access list cannot be read"},
		seen{name: "this machine", scene: here(scene{}), want: "not checked: a local folder is served with the rights of the service"},
		seen{name: "silence", scene: dead(survey.NoAnswer), want: "not checked: the file server does not answer"},
	)
}
