package rules_test

import (
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const share = `\\fs01.corp.example.com\ftp$`

// broken is an account that no rule about places can judge.
func broken() ldapattr.Account { return user("zoe", home(share, "..")) }

// group asks one rule about several accounts, and compares who has a finding and how
// many pass; zoe is never judged.
func group(t *testing.T, id string, settings audit.Settings, accounts []ldapattr.Account, want ...string) []audit.Finding {
	t.Helper()
	result, findings := judge(t, id, settings, append(accounts, broken())...)
	if got := found(findings); !slices.Equal(got, want) {
		t.Errorf("%s finds %q, want %q", id, got, want)
	}
	if result.NotChecked == 0 || len(result.Reasons) == 0 {
		t.Errorf("%s: a home that is not valid counts as passed: %+v", id, result)
	}
	return findings
}

// of is an account with a home on the share, or elsewhere with a root.
func of(login, dir string, root ...string) ldapattr.Account {
	return user(login, home(append(root, share)[0], dir))
}
