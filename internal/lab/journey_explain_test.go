//go:build lab

package lab_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// For every user of the domain explain says what a login then gets: as an administrator who may look into homes, as
// the service account, which may not, and with the password.
func TestExplain_agreesWithLogins(t *testing.T) {
	s := serve(t)
	for _, test := range []struct {
		user      lab.Account
		root, dir string // "": as the lab has them
		code      int
		step      string // that ends it, as an administrator sees it
		unseen    bool   // the service account cannot know that
	}{
		{lab.Alice, "", "", 0, "", false}, {lab.Bob, "", "", 0, "", false}, {lab.Carol, "", "", 6, "account", false}, {lab.Erin, "", "", 6, "account", false},
		{lab.Frank, "", "", 6, "account", false}, {lab.Dave, "", "", 8, "attributes", false}, {lab.Olga, "", "", 6, "policy", false},
		{lab.Grace, homes, "bob", 6, "rights", true}, {lab.Grace, homes, "gone", 8, "directory", false}, {lab.Grace, homes, `..\bob`, 8, "path", false},
		{lab.Grace, `\\` + lab.FileServer + `\nothing`, "grace", 8, "share", false},
	} {
		t.Run(string(test.user)+" "+test.dir, func(t *testing.T) {
			if test.root != "" {
				write(t, test.user, test.root, test.dir)
			}
			real := dial(t, s).try(string(test.user), test.user.Password(t).Reveal())
			want := fmt.Sprintf("%d %s", real.code, real.text)
			administrator := environment(t, "FTPISOCTL_BIND_USER="+lab.Administrator.UPN(), "FTPISOCTL_PASSWORD_FILE="+lab.Administrator.PasswordFile())
			for _, run := range []struct {
				name        string
				environment []string
				more        []string
				step        string
				code        int
				unseen      bool
			}{
				{"administrator", administrator, nil, test.step, test.code, false},
				{"service", environment(t), nil, test.step, test.code, test.unseen},
				{"password", environment(t), []string{"--password-file", test.user.PasswordFile()}, "", test.code, false},
			} {
				out := execute(t, run.environment, program(t), append([]string{"explain", "--config", s.config, "-o", "json", string(test.user)}, run.more...)...)
				var told struct {
					Steps []struct{ Step, Result, Evidence string }
				}
				if err := json.Unmarshal([]byte(out.stdout), &told); err != nil {
					t.Fatalf("%s: %v\n%s%s", run.name, err, out.stdout, out.stderr)
				}
				failed, reply := "", ""
				for _, step := range told.Steps {
					if step.Result == "FAILED" {
						failed = step.Step
					}
					if step.Step == "reply" {
						reply = step.Evidence
					}
				}
				if run.unseen {
					if out.code != 0 || !slices.ContainsFunc(told.Steps, func(s struct{ Step, Result, Evidence string }) bool { return s.Result == "unknown" }) {
						t.Errorf("%s: exit code %d\n%s", run.name, out.code, out.stdout)
					}
					continue
				}
				if out.code != run.code || reply != want || run.step != "" && failed != run.step {
					t.Errorf("%s: exit code %d, ends at %q with %q; want %d, %q and %q\n%s%s", run.name, out.code, failed, reply, run.code, run.step, want, out.stdout, out.stderr)
				}
			}
		})
	}
}
