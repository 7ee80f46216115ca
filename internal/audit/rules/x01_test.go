package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestX01_sameHomeInEverySpelling(t *testing.T) {
	findings := group(t, "X01", audit.Settings{Aliases: map[string]string{"nas": "fs01.corp.example.com"}}, []ldapattr.Account{
		of("al", "team"), of("bob", `\TEAM\`, `\\FS01.corp.example.com\FTP$`), of("cy", "team", `\\nas\ftp$`), of("di", "team2"), of("ed", `team\sub`),
	}, "al", "bob", "cy")
	if f := findings[0]; f.Severity != audit.Critical || f.Location != share+`\team` || f.Evidence[1].Value != "bob, cy" || f.Message != "3 accounts have this home" {
		t.Errorf("got %+v", f)
	}
}

func TestX01_cleanAndAllowed(t *testing.T) {
	group(t, "X01", audit.Settings{}, []ldapattr.Account{of("al", "al"), of("bob", "bob")})
	group(t, "X01", audit.Settings{Shared: []audit.Shared{{Place: share + `\team`, Reason: "one press office"}}},
		[]ldapattr.Account{of("al", "team"), of("bob", "Team")})
}

// A finding stays the same one when others come and go.
func TestX01_fingerprintIsOfTheAccount(t *testing.T) {
	_, before := judge(t, "X01", audit.Settings{}, of("al", "team"), of("bob", "team"))
	_, after := judge(t, "X01", audit.Settings{}, of("al", "TEAM"), of("cy", "team"))
	if before[0].Fingerprint != after[0].Fingerprint || before[0].Fingerprint == before[1].Fingerprint {
		t.Errorf("got %s, then %s", before[0].Fingerprint, after[0].Fingerprint)
	}
}

// Of accounts outside a scope nobody knows the homes.
func TestX_withinAScopeIsNotChecked(t *testing.T) {
	for _, id := range []string{"X01", "X02", "X03", "X06"} {
		result, findings := judge(t, id, audit.Settings{Narrowed: true}, of("own", ".", `\\fs01.corp.example.com\own$`))
		if result.NotChecked != 1 || result.Passed != 0 || len(findings) != 0 {
			t.Errorf("%s: got %+v", id, result)
		}
	}
}
