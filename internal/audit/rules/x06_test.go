package rules_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func called(upn string) func(*ldapattr.Account) { return func(a *ldapattr.Account) { a.UPN = upn } }

func TestX06_nameOfAnother(t *testing.T) {
	result, findings := judge(t, "X06", audit.Settings{}, user("bob"), user("mallory", called("Bob@corp.example.com")), user("al"))
	if got := found(findings); len(got) != 2 || got[0] != "bob" || got[1] != "mallory" || result.Passed != 1 {
		t.Errorf("got %q, %+v", got, result)
	}
	// Without a home it is nobody's isolation; bob's is in danger all the same.
	_, findings = judge(t, "X06", audit.Settings{}, user("bob"), user("mallory", called("bob@elsewhere.example"), home("", "")))
	if got := found(findings); len(got) != 1 || got[0] != "bob" {
		t.Errorf("got %q, want bob", got)
	}
}

func TestX06_cleanAndNotChecked(t *testing.T) {
	twins := []ldapattr.Account{user("a1", called("al@corp.example.com")), user("a2", called("al@other.example"))}
	if result, findings := judge(t, "X06", audit.Settings{}, twins...); len(findings) != 0 || result.Passed != 2 {
		t.Errorf("two suffixes: got %+v", findings)
	}
	if result, _ := judge(t, "X06", audit.Settings{Narrowed: true}, twins...); result.NotChecked != 2 {
		t.Errorf("within a scope: got %+v", result)
	}
}

// A login looks for some names in all domains of the forest, and the audit reads one.
func TestX06_otherDomains(t *testing.T) {
	result, _ := judge(t, "X06", audit.Settings{Permissions: twoDomains(t, share, "al2", true)}, user("al"))
	if result.NotChecked != 1 || result.Reasons[0].Text != "the names of accounts in other domains are not known" {
		t.Errorf("two domains: got %+v", result)
	}
	if result, _ = judge(t, "X06", audit.Settings{Permissions: directory(t, domain)}, user("al")); result.Passed != 1 {
		t.Errorf("one domain: got %+v", result)
	}
}

// Who could be meant by two of an account's names has the same finding in each run.
func TestX06_sameEachTime(t *testing.T) {
	for range 20 {
		_, findings := judge(t, "X06", audit.Settings{}, user("bob", called("al@corp.example.com")), user("cy", called("bob@corp.example.com"), home("", "")), user("al", home("", "")))
		if len(findings) != 1 || !strings.HasPrefix(findings[0].Message, "the login al could also mean CN=al,") {
			t.Fatalf("got %+v", findings)
		}
	}
}
