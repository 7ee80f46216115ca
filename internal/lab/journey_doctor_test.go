//go:build lab

package lab_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// What doctor says of a real domain and a real file server: with a password by LDAPS,
// with a ticket on the port without TLS, and with the file server down.
func TestDoctor(t *testing.T) {
	s := serve(t)
	examine := func(env []string, config string, args ...string) (outcome, map[string]string) {
		t.Helper()
		got := execute(t, env, program(t), append([]string{"doctor", "--json", "--timeout", "3s", "--config", config}, args...)...)
		var list struct {
			Checks []struct{ Check, Object, Result, Evidence string }
		}
		if err := json.Unmarshal([]byte(got.stdout), &list); err != nil {
			t.Fatalf("%v: %v", err, got)
		}
		said := map[string]string{}
		for _, c := range list.Checks {
			name := c.Check
			if c.Check == "file server" && c.Object == lab.FileServer {
				name = "fs01"
			}
			said[name] = c.Result + ": " + c.Evidence
		}
		return got, said
	}
	wanted := func(said map[string]string, all ...string) {
		t.Helper()
		for _, one := range all {
			check, text, _ := strings.Cut(one, "|")
			if !strings.Contains(said[check], text) {
				t.Errorf("%s says %q, want %q", check, said[check], text)
			}
		}
	}
	got, said := examine(environment(t), s.config)
	if got.code != 0 {
		t.Error(got)
	}
	wanted(said, "controller|: TLS 1.", "bind|protected by LDAPS", "clock|ok: ", "site|is in the site Default-First-Site-Name", "schema|ok: ", "base|ok: ", "catalog|ok: ", "read|ok: ",
		"fs01|SMB 3.1.1", "fs01| shares", "service account|ok: ")
	bare := filepath.Join(t.TempDir(), "bare.yaml")
	if err := os.WriteFile(bare, []byte("fileServers: [{name: "+lab.FileServer+"}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, said = examine(environment(t, "KRB5CCNAME="+lab.Administrator.Kinit(t)), bare, "--server", "ldap://"+lab.DC, "--kerberos")
	wanted(said, "bind|signed and sealed by Kerberos", "write|ok: ", "fs01|not entered, for want of a password")
	if strings.Contains(got.stdout+got.stderr, lab.Administrator.Password(t).Reveal()) {
		t.Error("a password is shown")
	}
	lab.StopFileServer(t)
	if got, said = examine(environment(t), s.config); got.code != 5 {
		t.Error(got)
	}
	wanted(said, "fs01|FAILED: ", "bind|ok: ")
}
