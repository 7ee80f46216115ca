package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// Each fix makes its own finding vanish, and a login takes what it writes.
func TestFixes(t *testing.T) {
	share := `\\fs01.corp.example.com\ftp$`
	for _, tt := range []struct {
		rule, root, dir string
		want            audit.FixValues
	}{
		{"V04", "alice", share, audit.FixValues{Root: share, Dir: "alice"}},
		{"V06", share, share + `\homes\alice`, audit.FixValues{Root: share, Dir: `homes\alice`}},
		{"V06", share, `\\other\x`, audit.FixValues{}},
		{"V10", "//fs01.corp.example.com/ftp$", "a/b", audit.FixValues{Root: share, Dir: `a\b`}},
		{"V11", share + `\\homes\`, `\ alice. `, audit.FixValues{Root: share + `\homes`, Dir: `\alice`}},
		{"V11", `\` + share, "alice", audit.FixValues{Root: share, Dir: "alice"}},
		{"V11", share, `team\...`, audit.FixValues{}}, // which would be the folder of the team
		{"V12", share, `\"`, audit.FixValues{}},       // and this the share
		{"V12", share, "\u202ealice\"", audit.FixValues{Root: share, Dir: "alice"}},
		{"V12", share, "a\xff", audit.FixValues{Root: share, Dir: "a"}},
		{"A01", share, "alice", audit.FixValues{}},
	} {
		change := func(a *ldapattr.Account) { a.Account.Enabled = tt.rule != "A01" }
		_, findings := judge(t, tt.rule, audit.Settings{}, user("alice", home(tt.root, tt.dir), change))
		if len(findings) != 1 {
			t.Errorf("%s: got %+v", tt.rule, findings)
			continue
		}
		fix := findings[0].Fix
		if fix == nil {
			if tt.want != (audit.FixValues{}) {
				t.Errorf("%s %s %s: no fix", tt.rule, tt.root, tt.dir)
			}
			continue
		}
		if fix.After != tt.want || fix.Before != (audit.FixValues{Root: tt.root, Dir: tt.dir}) {
			t.Errorf("%s: got %+v, want %+v", tt.rule, fix, tt.want)
		}
		if fix.Action == "clear" {
			continue
		}
		if _, err := homedir.New(fix.After.Root, fix.After.Dir); err != nil {
			t.Errorf("%s: a login refuses the fix: %v", tt.rule, err)
		}
		if _, left := judge(t, tt.rule, audit.Settings{}, user("alice", home(fix.After.Root, fix.After.Dir))); len(left) > 0 {
			t.Errorf("%s: the fix leaves %+v", tt.rule, left)
		}
	}
}
