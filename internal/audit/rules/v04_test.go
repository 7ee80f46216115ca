package rules_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestV04(t *testing.T) {
	try(t, "V04",
		example{name: "script", account: user("al", home(`\`, `\\fs01\ftp$\al`)), want: "stand in each other's place"},
		example{name: "drive", account: user("al", home("al", `D:\ftp`)), want: "stand in each other's place"},
		example{name: "right", account: user("al"), want: "passed"},
		example{name: "both absolute", account: user("al", home(`\\fs01\ftp$`, `\\fs01\ftp$\al`)), want: "passed"},
		example{name: "on Linux", account: user("al", home("/srv", `D:\x`)), want: "passed"},
		example{name: "no text", account: user("al", noText), want: "not checked: a value is not UTF-8"},
	)
}

// The repaired values are what somebody would have written: the share, and what is below.
func TestV04_exchange(t *testing.T) {
	for _, tt := range []struct{ root, dir, wantRoot, wantDir string }{
		{`\`, `\\fs01\ftp$\al`, `\\fs01\ftp$`, "al"}, {"al", `\\fs01\ftp$\homes`, `\\fs01\ftp$`, `homes\al`}, {"al", `\\fs01\ftp$`, `\\fs01\ftp$`, "al"},
		{"al", `D:\ftp`, `D:\ftp`, "al"}, {`\`, `\\fs01\ftp$`, "", ""}, {`\`, `D:\ftp`, "", ""}, {"..", `\\fs01\ftp$`, "", ""},
	} {
		_, findings := judge(t, "V04", audit.Settings{}, user("al", home(tt.root, tt.dir)))
		if len(findings) != 1 {
			t.Fatalf("%q: %+v", tt, findings)
		}
		var got audit.FixValues
		if fix := findings[0].Fix; fix != nil {
			got = fix.After
		}
		if got != (audit.FixValues{Root: tt.wantRoot, Dir: tt.wantDir}) {
			t.Errorf("%q %q: the fix is %q", tt.root, tt.dir, got)
		}
	}
}
