package rules_test

import (
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
