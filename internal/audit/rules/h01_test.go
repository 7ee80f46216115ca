package rules_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

func TestH01(t *testing.T) {
	visit(t, "H01",
		seen{name: "missing", scene: wrong(survey.Missing), want: `high \\fs01.corp.example.com\ftp$\al wrong here`},
		seen{name: "there", want: "passed"},
		seen{name: "there, and nobody may read its list", scene: scene{sddl: "none"}, want: "passed"},
		seen{name: "a file", scene: wrong(survey.NoDirectory), want: "passed"},
		seen{name: "no name", scene: dead(survey.NoName), want: "not checked: the name of the file server does not resolve"},
		seen{name: "no share", scene: closed(survey.NoShare), want: "not checked: the share is missing"},
		seen{name: "may not look", scene: wrong(survey.NotToBeSeen), want: "not checked: the account that checks may not look there"},
		seen{name: "a namespace", scene: wrong(survey.Namespace), want: "not checked: the path belongs to a DFS namespace"},
		seen{name: "the connection broke", scene: brokeOff(), want: "not checked: the connection to the file server broke"},
	)
}

// The remedy is a command that can be copied, whatever the login is.
func TestH01_remedy(t *testing.T) {
	_, findings := looked(t, "H01", wrong(survey.Missing), audit.Settings{})
	if len(findings) != 1 || !strings.Contains(findings[0].Remedy, "ftpisoctl shares mkdir al shows") || findings[0].Fix != nil {
		t.Errorf("got %+v", findings)
	}
	for _, login := range []string{"a b", "x;reboot", "-rf", "$(x)", "o'neil", "zoë"} {
		hostile := scene{home: func(h *survey.Home) {
			wrong(survey.Missing).home(h)
			h.Users[0].SAMAccountName = login
		}}
		_, findings := looked(t, "H01", hostile, audit.Settings{})
		var guid ldapattr.GUID
		copy(guid[:], "al")
		if len(findings) != 1 || strings.Contains(findings[0].Remedy, login) || !strings.Contains(findings[0].Remedy, "shares mkdir "+guid.String()+" shows") {
			t.Errorf("%q: got %+v", login, findings)
		}
	}
}
