package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
)

// visitorAt goes to a server of this machine.
func visitorAt(port string) *visitor {
	return &visitor{
		policy: shares.Policy{FileServers: []shares.FileServer{{Pattern: "127.0.0.1", NTLM: true, Port: port}}},
		as:     shares.Credentials{Domain: smbtest.Domain, User: smbtest.User, Password: secret.New(smbtest.Password)},
	}
}

// A server that speaks SMB 1 alone is out of reach, and that it does is said: of one
// home and of many.
func TestSharesCheck_oldServer(t *testing.T) {
	v := visitorAt(smbtest.StartOld(t))
	alice := ldapattr.User{NetBIOSDomain: "CORP", SAMAccountName: "alice", Root: `\\127.0.0.1\ftp$`, Dir: "alice"}
	report := v.opener().Check(t.Context(), location(t, `\\127.0.0.1\ftp$\alice`), v.as)
	wanted := func(err error, what string) {
		t.Helper()
		if exitCode(err) != exitUnreachable || !strings.Contains(err.Error(), "the server speaks SMB 1 only") || !strings.Contains(advice(err), "let the server speak SMB 2") {
			t.Errorf("%s: exit code %d, %v, hint %q", what, exitCode(err), err, advice(err))
		}
	}
	wanted(checkOutcome(alice, report), "one home")
	if failed := report.Failed(); failed == nil || failed.Name != "negotiate" {
		t.Errorf("it ends at %+v", failed)
	}
	var out bytes.Buffer
	show := surveyPrinter(output.CSV, &out)
	all := slices.Values([]ldapattr.User{alice, {SAMAccountName: "bob", Root: alice.Root, Dir: "bob"}})
	users := func(yield func(ldapattr.User, error) bool) {
		all(func(u ldapattr.User) bool { return yield(u, nil) })
	}
	err := survey.New(v.opener(), survey.Config{As: v.as}).Run(t.Context(), users, show)
	if err := show.end(&app{}, err == nil); err != nil {
		t.Fatal(err)
	}
	wanted(show.outcome(&batch{}, err), "a survey")
	if text := out.String(); strings.Count(text, "[S06]") != 1 || strings.Count(text, "\nhome,not checked,") != 2 {
		t.Errorf("printed:\n%s", text)
	}
}

// Who may log in and not list the shares is told that, and what to do, and sees no list
// that looks empty.
func TestSharesList_refused(t *testing.T) {
	const accessDenied = 0xC0000022
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{}}
	s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
		if command == smbtest.Connect { // to IPC$
			return accessDenied, smbtest.ErrorAnswer()
		}
		return 0, nil
	})
	var out bytes.Buffer
	a := &app{env: Env{Stdout: &out, Stderr: &bytes.Buffer{}, IsTerminal: func(any) bool { return false }}, out: &out}
	o := sharesListOptions{form: formFlags{format: output.JSON, list: sharesListed(), flags: pflag.NewFlagSet("", pflag.ContinueOnError)}}
	err := o.list(t.Context(), a, visitorAt(s.Start(t)), location(t, `\\127.0.0.1\-`))
	if exitCode(err) != exitRights || !strings.Contains(err.Error(), "list the shares of 127.0.0.1: ") || !strings.Contains(advice(err), "that administers it") || out.Len() > 0 {
		t.Errorf("exit code %d, %v, hint %q, printed %q", exitCode(err), err, advice(err), &out)
	}
}
