//go:build lab

package lab_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// way are the steps of a walk that gets to its end.
var way = []string{"allowed", "name", "connect", "negotiate", "session", "share", "directory", "list", "space", "owner", "rights"}

// step is what shares check says about one of them.
type step struct {
	Step, Detail, User, Home string
	OK                       bool
	Win32                    int
}

// check runs shares check for a user; connection says as whom the share is entered.
func check(t *testing.T, connection []string, user string, flags ...string) (outcome, []step) {
	t.Helper()
	got := ftpisoctl(t, connection, append([]string{"shares", "check", user, "-o", "json"}, flags...)...)
	var list struct{ Steps []step }
	if got.stdout != "" {
		if err := json.Unmarshal([]byte(got.stdout), &list); err != nil {
			t.Fatalf("shares check %s: %v in %v", user, err, got)
		}
	}
	return got, list.Steps
}

// walked wants the steps up to last to have been taken, in order, and last to have ended with this Win32 status; all
// before it must have gone well.
func walked(t *testing.T, steps []step, last string, win32 int) {
	t.Helper()
	want := way[:slices.Index(way, last)+1]
	var got []string
	for i, s := range steps {
		got = append(got, s.Step)
		if ok := i < len(want)-1 || win32 == 0; s.OK != ok {
			t.Errorf("step %s: ok is %v, want %v (%s)", s.Step, s.OK, ok, s.Detail)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got the steps %v, want %v", got, want)
	}
	if end := steps[len(steps)-1]; end.Win32 != win32 {
		t.Errorf("step %s: got Win32 status %d, want %d (%s)", end.Step, end.Win32, win32, end.Detail)
	}
}

func TestSharesCheck_tellsWhereTheWayEnds(t *testing.T) {
	admit := []string{"--file-server", lab.FileServer}
	for _, test := range []struct {
		name, user string
		as         lab.Account
		admit      []string
		code       int
		last       string // step of the walk, "" for no walk at all
		win32      int
	}{
		{"own home", "alice", lab.Alice, admit, 0, "rights", 0},
		{"as an administrator", "alice", lab.Administrator, admit, 0, "rights", 0},
		{"home of another", "alice", lab.Bob, admit, 6, "directory", 5},
		{"server not admitted", "alice", lab.Alice, nil, 2, "allowed", 5},
		{"no home", "dave", lab.Alice, admit, 8, "", 0},
		{"unknown user", "nobody", lab.Alice, admit, 8, "", 0},
		{"home without a folder", "grace", lab.Administrator, admit, 8, "directory", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.user == "grace" {
				write(t, lab.Grace, homes, "not-there")
			}
			got, steps := check(t, ldaps(test.as), test.user, test.admit...)
			if got.code != test.code {
				t.Errorf("got %v\nwant exit %d", got, test.code)
			}
			if test.last == "" {
				if len(steps) != 0 {
					t.Errorf("got the steps %v, want none", steps)
				}
				return
			}
			walked(t, steps, test.last, test.win32)
			for _, s := range steps {
				if said := map[string]string{"negotiate": "SMB 3.1.1", "rights": `CORP\` + test.user + " may list, read, write, delete"}[s.Step]; !strings.HasPrefix(s.Detail, said) {
					t.Errorf("the step %s says %q, want %q", s.Step, s.Detail, said)
				}
			}
			if s := steps[0]; s.User != `CORP\`+test.user || !strings.HasPrefix(s.Home, homes+`\`) {
				t.Errorf("the walk is to %s of %s, want a home of %s in %s", s.Home, s.User, test.user, homes)
			}
		})
	}
}

func TestSharesCheck_serverDown(t *testing.T) {
	lab.StopFileServer(t)
	got, steps := check(t, ldaps(lab.Alice), "alice", "--file-server", lab.FileServer)
	if got.code != 5 || !strings.Contains(got.stdout+got.stderr, lab.FileServer) {
		t.Errorf("got %v\nwant exit 5 and the server's name", got)
	}
	walked(t, steps, "connect", 53)
}

// A ticket binds to the directory, but the share wants a password: one error says so before the server is asked. With
// both the walk gets to its end.
func TestSharesCheck_kerberosNeedsAPassword(t *testing.T) {
	connection := []string{"--server", "ldap://" + lab.DC, "--kerberos"}
	check := []string{"shares", "check", "alice", "--file-server", lab.FileServer}
	env := environment(t, "KRB5CCNAME="+lab.Alice.Kinit(t))
	got := execute(t, env, program(t), append(check, connection...)...)
	if got.code != 2 || got.stdout != "" || strings.Count(got.stderr, "error: ") != 1 || !strings.Contains(got.stderr, "--password-file") {
		t.Errorf("got %v\nwant exit 2 and what to add", got)
	}
	set := []string{"set", "grace", "--root", homes, "--dir", "by-ticket", "--create-dir", "--file-server", lab.FileServer}
	if got := execute(t, env, program(t), append(set, connection...)...); got.code != 2 || !strings.Contains(got.stderr, "--password-file") {
		t.Errorf("set --create-dir with a ticket: %v\nwant exit 2 and what to add", got)
	}
	password := []string{"--bind-user", lab.Alice.UPN(), "--password-file", lab.Alice.PasswordFile()}
	if got := execute(t, environment(t), program(t), slices.Concat(check, connection, password)...); got.code != 0 {
		t.Errorf("with a password: got %v\nwant exit 0", got)
	}
}
