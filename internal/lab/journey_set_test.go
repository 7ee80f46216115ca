//go:build lab

package lab_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

const homes = `\\` + lab.FileServer + `\` + lab.Share

// protected are the ways to reach the DC on which a password or a ticket is safe.
func protected(t *testing.T, account lab.Account) map[string][]string {
	t.Helper()
	return map[string][]string{
		"LDAPS":    over("ldaps://"+lab.DC, account),
		"StartTLS": over("ldap://"+lab.DC, account, "--starttls"),
		"Kerberos": {"--server", "ldap://" + lab.DC, "--kerberos"},
		"SRV":      {"--domain", lab.Domain, "--kerberos"},
	}
}

func TestSet_overEveryProtectedConnection(t *testing.T) {
	for name, flags := range protected(t, lab.FTPAdmin) {
		t.Run(name, func(t *testing.T) {
			write(t, lab.Alice, `\\fs99.corp.example.com\old$`, "before")

			env := environment(t, "KRB5CCNAME="+lab.FTPAdmin.Kinit(t))
			set := execute(t, env, program(t), append([]string{"set", "alice", "--root", homes, "--dir", "alice"}, flags...)...)
			if set.code != 0 {
				t.Fatalf("set: %v", set)
			}
			root, dir := attributes(t, lab.Alice)
			if root != homes || dir != "alice" {
				t.Errorf("ldapsearch: got %q and %q, want %q and alice", root, dir, homes)
			}
			list := execute(t, env, program(t), append([]string{"get", "alice", "-o", "json"}, flags...)...)
			escaped := strings.ReplaceAll(homes, `\`, `\\`)
			if list.code != 0 || !strings.Contains(list.stdout, `"root":"`+escaped+`","dir":"alice"`) {
				t.Errorf("get: %v", list)
			}
		})
	}
}

func TestSet_andGetAndClearOfOneUser(t *testing.T) {
	admin := ldaps(lab.FTPAdmin)
	write(t, lab.Grace, homes, "grace")
	for _, name := range []string{"grace", `CORP\grace`, "grace@" + lab.Domain, "CN=Grace Green,OU=Staff," + lab.BaseDN} {
		if got := get(t, admin, name); got.User != `CORP\grace` || got.Dir == nil || *got.Dir != "grace" {
			t.Errorf("get %s: got %+v", name, got)
		}
	}
	if got := ftpisoctl(t, admin, "clear", "grace"); got.code != 0 {
		t.Fatalf("clear: %v", got)
	}
	if root, dir := attributes(t, lab.Grace); root != "" || dir != "" {
		t.Errorf("after clear ldapsearch finds %q and %q", root, dir)
	}
	if got := get(t, admin, "grace"); got.Root != nil || got.Dir != nil {
		t.Errorf("after clear get finds %+v", got)
	}
}

// refusal is a set that must fail and must change nothing.
type refusal struct {
	name string
	as   lab.Account
	args []string
	code int
	says string // must be on standard error
}

func TestSet_refusals(t *testing.T) {
	write(t, lab.Grace, homes, "grace")
	refusals := []refusal{
		{"plain user", lab.Service, []string{"grace", "--dir", "other"}, 6, "hint:"},
		{"plain user, own home", lab.Grace, []string{"grace", "--dir", "other"}, 6, "hint:"},
		{"unknown user", lab.FTPAdmin, []string{"nobody", "--root", homes, "--dir", "nobody"}, 8, "nobody"},
		{"stale dir", lab.FTPAdmin, []string{"grace", "--dir", "new", "--expect-dir", "old"}, 7, "grace"},
		{"stale root", lab.FTPAdmin, []string{"grace", "--dir", "new", "--expect-root", `\\fs02\ftp$`}, 7, lab.FileServer},
		{"expected absent", lab.FTPAdmin, []string{"grace", "--dir", "new", "--expect-root", "", "--expect-dir", ""}, 7, "absent"},
	}
	for _, dir := range []string{`..\bob`, `\\other\share`, `C:\x`, `a:b`, "CON", "", strings.Repeat("d", 257)} {
		refusals = append(refusals, refusal{fmt.Sprintf("dir %.20q", dir), lab.FTPAdmin, []string{"grace", "--dir", dir}, 2, "msIIS-FTPDir"})
	}
	for _, test := range refusals {
		t.Run(test.name, func(t *testing.T) {
			got := ftpisoctl(t, ldaps(test.as), append([]string{"set"}, test.args...)...)
			if got.code != test.code || !strings.Contains(got.stderr, test.says) {
				t.Errorf("got %v\nwant exit %d and %q on standard error", got, test.code, test.says)
			}
			if lines := errorLines(got.stderr); lines != 1 {
				t.Errorf("got %d error lines, want one:\n%s", lines, got.stderr)
			}
			if root, dir := attributes(t, lab.Grace); root != homes || dir != "grace" {
				t.Errorf("a refused set left %q and %q", root, dir)
			}
		})
	}
}

// errorLines counts the lines on standard error that are not advice.
func errorLines(stderr string) int {
	n := 0
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "hint:") {
			n++
		}
	}
	return n
}

func TestSet_wrongPasswordAndUnreachableServer(t *testing.T) {
	flags := []string{"--server", "ldaps://" + lab.DC, "--ca-file", lab.CAFile(), "--bind-user", lab.FTPAdmin.UPN(), "--password-file", lab.Bob.PasswordFile()}
	if got := ftpisoctl(t, flags, "get", "alice"); got.code != 6 {
		t.Errorf("wrong password: got %v, want exit 6", got)
	}
	if got := ftpisoctl(t, over("ldaps://"+lab.RogueAddr, lab.FTPAdmin), "get", "alice"); got.code != 5 {
		t.Errorf("no server: got %v, want exit 5", got)
	}
	// The server is there and right, but its certificate is not of an authority that we trust.
	flags = []string{"--server", "ldaps://" + lab.DC, "--bind-user", lab.FTPAdmin.UPN(), "--password-file", lab.FTPAdmin.PasswordFile()}
	if got := ftpisoctl(t, flags, "get", "alice"); got.code != 5 {
		t.Errorf("untrusted certificate: got %v, want exit 5", got)
	}
	// A server that is down is passed over for the next one.
	flags = append([]string{"--server", "ldaps://" + lab.RogueAddr}, ldaps(lab.Service)...)
	if got := ftpisoctl(t, flags, "get", "alice"); got.code != 0 {
		t.Errorf("second server: got %v, want exit 0", got)
	}
}

// A password never crosses a connection that anybody can read, unless a flag asks for that; then the DC refuses it.
func TestGet_noPasswordInClear(t *testing.T) {
	plain := over("ldap://"+lab.DC, lab.Alice)
	for _, test := range []struct {
		name    string
		flags   []string
		crosses bool
	}{
		{"without the flag", plain, false},
		{"with --allow-plaintext", append(plain, "--allow-plaintext"), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			stop := capture(t, "tcp and host "+lab.DCAddr)
			got := ftpisoctl(t, test.flags, "get", "alice")
			if got.code == 0 {
				t.Errorf("got %v, want a refusal", got)
			}
			password := lab.Alice.Password(t).Reveal()
			seen := first(stop(), func(p packet) bool { return strings.Contains(string(p.payload), password) }) >= 0
			if seen != test.crosses {
				t.Errorf("password seen on the wire: %v, want %v", seen, test.crosses)
			}
		})
	}
}
