package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestX02_homeInsideAnother(t *testing.T) {
	findings := group(t, "X02", audit.Settings{}, []ldapattr.Account{
		of("joe", `homes\joe`), of("jim", `Homes\JOE\jim`), of("deep", `homes\joe\jim\a\b`), of("joey", `homes\joey`),
	}, "deep", "jim")
	if got := findings[1]; got.Message != "the home lies inside the home of joe" || got.Evidence[2].Value != share+`\homes\joe` {
		t.Errorf("got %+v", got)
	}
	if got := findings[0].Evidence[1].Value; got != "jim" {
		t.Errorf("the nearest home above is of %s, want jim", got)
	}
}

// A share as a whole is for X03, and what several may have is no home of one.
func TestX02_leavesSharesAlone(t *testing.T) {
	group(t, "X02", audit.Settings{}, []ldapattr.Account{of("boss", "."), of("al", "al")})
	group(t, "X02", audit.Settings{Shared: []audit.Shared{{Place: share + `\team`}}}, []ldapattr.Account{of("al", "team"), of("bob", `team\bob`)})
}
