package rules_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// Audit and login agree: whatever values a login refuses, a rule finds.
func TestAll_agreeWithTheLogin(t *testing.T) {
	var homes [][2]string
	for _, root := range []string{
		"alice", `\alice`, `\\fs01`, `\\fs01\`, `\\\share`, `\\\fs01\s`, `\\\\fs01\s`, `\\?\UNC\fs\s`, `\\.\pipe\x`, `\\.\C:\`, `C:`, `C:x`, `\\fs01\IPC$`, `\\fs01\pipe\x`, `\\fs 01\s`,
		`\\fs01.\s`, `\\fs@01\s`, "//fs01/s", "/a/../b", `\\fs01\s\..\x`, `\\fs01\a:b`, `D:\CON`, "\\\\fs01\\s\n", `%HOME%\x`, "Z:", `=cmd|' /C calc'!A0`,
		"<script>alert(1)</script>", "\x1b[2J", `\\fs01\ftp$`, `D:\ftp`, "/srv/ftp", `\\fs01\ftp$\PROGRA~1`, ` \\fs01\s`, `"\\fs01\s"`,
	} {
		homes = append(homes, [2]string{root, "al"})
	}
	for _, dir := range []string{
		`..\bob`, "../bob", "..", `\\files\share`, "//files/share", `C:\x`, "C:x", "a:b", "a::$DATA", "CON", `x\NUL.txt`, "name.", "name ", " name", "a\x00b",
		"a\nb", "a\u202eb", "a\xff", `\\?\C:\x`, `\\.\pipe\x`, "a*", `a"b`, "a|b", "ALICE~1", "<script>", `=cmd|' /C calc'!A0`, "\ufeffal", "al", `\`, "...", `\\`,
	} {
		homes = append(homes, [2]string{`\\fs01\ftp$`, dir})
	}
	for _, h := range homes {
		_, refused := homedir.New(h[0], h[1])
		report, err := audit.Run(t.Context(), each([]ldapattr.Account{user("al", home(h[0], h[1]))}), audit.Options{Checks: rules.All(), Settings: audit.Settings{Now: now}})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range report.Findings {
			found = found || strings.HasPrefix(f.Rule, "V")
			if f.Message == "" || f.Location == "" || len(f.Fingerprint) != 32 {
				t.Errorf("%q: %+v", h, f)
			}
		}
		if refused != nil && !found {
			t.Errorf("a login refuses %q (%v), and no rule finds it", h, refused)
		}
	}
}
