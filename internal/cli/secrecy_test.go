package cli_test

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// No output of any command holds a password: from each source, right or wrong,
// with all diagnostics on, and when the directory fails.
func TestMain_noOutputHoldsAPassword(t *testing.T) {
	const wrong = "Wr0ng-Pa55?"
	commands := [][]string{
		{"get", "alice"}, {"get", "nobody"}, {"list", "-o", "json"}, {"set", "alice", "--dir", "x"},
		{"clear", "bob", "--dry-run"}, {"shares", "check", "alice"},
	}
	for name, source := range map[string]func(w *world, password string) []string{
		"variable": func(w *world, password string) []string {
			w.variables["FTPISOCTL_PASSWORD"] = password
			return nil
		},
		"file": func(_ *world, password string) []string {
			return []string{"--password-file", file(t, "password", password)}
		},
		"command": func(_ *world, password string) []string {
			return []string{"--password-command", printing(t, password)}
		},
		"prompt": func(w *world, password string) []string {
			w.terminal = true
			w.answer = func(context.Context) (string, error) { return password, nil }
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, server := domain(t)
			for _, password := range []string{adaPassword, wrong} {
				for _, fault := range []adsim.Faults{{}, {Drop: true}, {Busy: true}} {
					server.SetFaults(fault)
					for _, command := range commands {
						args := append([]string{"-vv", "--trace=ldap", "--timeout", "2s"}, command...)
						w.run(t, append(args, source(w, password)...)...)
						if all := w.out.String() + w.err.String(); strings.Contains(all, password) {
							t.Fatalf("%v: %s", command, all)
						}
					}
				}
			}
			if server.Stats().Binds == 0 {
				t.Error("no password was ever sent: the test proves nothing")
			}
		})
	}
}

// printing returns a command line that prints text.
func printing(t *testing.T, text string) string {
	t.Helper()
	path := file(t, "printed", text+"\n")
	if runtime.GOOS == "windows" {
		return `cmd /c type "` + path + `"`
	}
	return "cat '" + path + "'"
}
