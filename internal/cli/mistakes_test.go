package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a mistake is answered with: the place, the reason, and the code of its kind. What
// is said goes to standard error once.
func TestMistakes(t *testing.T) {
	w, server := domainWithPassword(t)
	folder := t.TempDir()
	nowhere := filepath.Join(folder, "none", "file")
	empty := file(t, "empty", "")
	list := file(t, "homes.csv", "user,root,dir\nbob,\\\\fs01\\ftp$,bob2\n")
	redacted := file(t, "redacted.json", `{"schema":1,"redacted":true,"rules":[],"findings":[]}`)
	unknown := file(t, "unknown.yaml", "suppressions:\n- {rule: Z01, object: bob, reason: test}\n")
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"list --group nobody", 8, "hint: a group is named by sAMAccountName"},
		{"shares mkdir --group nobody --file-server fs01", 8, "error: look up group nobody: no such group\nhint: a group"},
		{"list one two", 2, `takes no argument, but got "one two"`},
		{"get bob --password-file " + folder, 2, "the password file " + folder + " is a folder\n"},
		{"import " + list + " --yes --rejects " + folder, 2, "error: write " + folder + ": it is a folder, and not a file\n"},
		{"import " + list + " --yes --rejects " + nowhere, 2, "error: write " + nowhere + ": "},
		{"import " + list + " --yes --rollback " + os.DevNull, 2, "error: write " + os.DevNull + ": it is a device or a pipe"},
		{"plan " + list + " -o " + folder, 2, "error: write " + folder + ": it is a folder"},
		{"export -o " + nowhere, 2, "hint: is the folder there"},
		{"audit --html " + folder, 2, "error: write " + folder + ": it is a folder"},
		{"audit --fix-plan " + nowhere, 2, "error: write " + nowhere + ": "},
		{"audit --naming bob", 2, `--naming: "bob" names everybody's directory alike`},
		{"audit --naming {{.SAMAccountName}}", 2, "names everybody's directory alike"},
		{"audit --naming {ou}\\{login}", 2, "has more in braces than {login}"},
		{"audit --level 0 --fail-on none --naming teams\\{login}", 0, ""},
		{"audit --baseline " + redacted, 2, "redacted.json is "},
		{"audit --level 0 --since " + redacted, 2, "redacted.json is "},
		{"audit --suppressions " + nowhere, 2, "error: read the suppressions: open "},
		{"audit --suppressions " + list, 2, "homes.csv:1: the file takes keys"},
		{"audit --level 0 --fail-on none --suppressions " + unknown, 0, `unknown.yaml: there is no rule "Z01"`},
		{"get bob --config " + list, 2, "homes.csv:1: the file takes keys"},
		{"audit render " + empty, 2, "empty is no report of an audit: it is empty\n"},
		{"apply " + empty, 2, "empty is no plan: it is empty\n"},
		{"demo --listen 192.0.2.1:2121 --data " + t.TempDir(), 1, "error: --listen: listen tcp 192.0.2.1:2121: "},
		{`rename-root \\fs77\ftp$ \\fs01\ftp$ --yes`, 0, "no user is concerned, so there is nothing to do\n"},
	} {
		code := w.run(t, strings.Fields(tt.args)...)
		if said := w.err.String(); code != tt.code || !strings.Contains(said, tt.want) || strings.Contains(said, ".ftpisoctl-") {
			t.Errorf("%s: exit code %d, want %d with %q:\n%s", tt.args, code, tt.code, tt.want, said)
		}
		if strings.HasPrefix(tt.args, "audit") && strings.Contains(w.err.String(), "looking at") {
			t.Errorf("%s: is told after the work", tt.args)
		}
	}
	if n := server.Stats().Modifies; n != 0 {
		t.Errorf("%d changes are made", n)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
