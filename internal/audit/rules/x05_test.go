package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func sales(a *ldapattr.Account) { a.DNSDomain = "sales.example.com" }

func TestX05_sameHomeInTwoDomains(t *testing.T) {
	accounts := []ldapattr.Account{of("al", "team"), user("al2", home(share, "Team"), sales), of("bob", "bob")}
	findings := group(t, "X05", audit.Settings{}, accounts, "al", "al2")
	if got := findings[0].Message; got != "the home belongs to an account of sales.example.com, too" {
		t.Errorf("got %q", got)
	}
	group(t, "X01", audit.Settings{}, accounts) // one cause, one finding
}

func TestX05_oneDomainIsNotChecked(t *testing.T) {
	result, findings := judge(t, "X05", audit.Settings{}, of("al", "team"), of("bob", "team"))
	if len(findings) != 0 || result.NotChecked != 2 {
		t.Errorf("got %+v, %+v", result, findings)
	}
}
