package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// What would repair one finding by making another is no fix.
func TestAll_fixesMakeNoOtherFinding(t *testing.T) {
	short := `\\fs01\ftp$`
	for name, tt := range map[string]struct {
		rule     string
		accounts []ldapattr.Account
		want     bool
	}{
		"same home": {"V19", []ldapattr.Account{of("al", "team"), of("bob", "Team", short)}, false},
		"inside":    {"V19", []ldapattr.Account{of("al", `team`), of("bob", `team\deep\er`, short)}, false},
		"around":    {"V19", []ldapattr.Account{of("al", `team\deep\er`), of("bob", "team", short)}, false},
		"the share": {"V19", []ldapattr.Account{of("al", "."), of("bob", "bob", short)}, false},
		"beside":    {"V19", []ldapattr.Account{of("al", "team"), of("bob", "teams", short)}, true},
		"two fixes": {"V12", []ldapattr.Account{of("al", `"team"`), of("bob", `te"am`)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, findings := judge(t, tt.rule, audit.Settings{}, tt.accounts...)
			if len(findings) == 0 {
				t.Fatal("nothing is found")
			}
			last := findings[len(findings)-1]
			if (last.Fix != nil) != tt.want || (last.Evidence[len(last.Evidence)-1].Name == "not repaired by a plan") == tt.want {
				t.Errorf("got %+v", last)
			}
		})
	}
	shared := audit.Settings{Shared: []audit.Shared{{Place: share + `\team`, Reason: "one office"}}}
	if _, findings := judge(t, "V19", shared, of("al", "team"), of("bob", "Team", short)); findings[0].Fix == nil {
		t.Error("a home that several may have is no reason against a fix")
	}
}
