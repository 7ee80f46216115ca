//go:build lab

package lab_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// An old batch file against a real domain: the program under the script's name, server and account on the command
// line, a host name in the place of a URL.
func TestIisftp_oldCallSite(t *testing.T) {
	write(t, lab.Grace, homes, "grace")
	old := filepath.Join(t.TempDir(), "IisFtp.exe")
	if err := os.Symlink(program(t), old); err != nil {
		t.Fatal(err)
	}
	password := lab.FTPAdmin.Password(t).Reveal()
	target := []string{"/s", lab.DC, "/u", lab.FTPAdmin.DownLevelName(), "/p", password}
	env := environment(t, "FTPISOCTL_CA_FILE="+lab.CAFile())
	call := func(args ...string) outcome {
		t.Helper()
		got := execute(t, env, old, append(args, target...)...)
		if strings.Contains(got.stdout+got.stderr, password) {
			t.Fatalf("%q shows the password", args)
		}
		return got
	}
	if got := call("/SetADProp", "grace", "ftpdir", "moved"); got.code != 0 || got.stdout != "The value of msIIS-FTPDir for user grace has been set to moved\n" {
		t.Errorf("/SetADProp: %v", got)
	}
	if root, dir := attributes(t, lab.Grace); root != homes || dir != "moved" {
		t.Errorf("ldapsearch finds %q and %q", root, dir)
	}
	want := "The value of msIIS-FTPRoot for user grace is " + homes + "\nThe value of msIIS-FTPDir for user grace is moved\n"
	if got := call("/GetADProp", "grace"); got.code != 0 || got.stdout != want {
		t.Errorf("/GetADProp: got %v, want %q", got, want)
	}
	// svc-ftpiso is outside the OU in which ftpadmin may write.
	if got := call("/SetADProp", string(lab.Service), "FTPDir", "x"); got.code != 1 || !strings.HasPrefix(got.stdout, "Error &H80070005: ") {
		t.Errorf("without the right: %v", got)
	}
	if got := call("/SetADProp", "nobody", "FTPDir", "x"); got.code != 1 || !strings.HasPrefix(got.stdout, "Error &H") {
		t.Errorf("unknown user: %v", got)
	}
}
