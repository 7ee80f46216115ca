package cli_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/cli"
)

func TestArguments(t *testing.T) {
	tests := []struct {
		called  string
		windows bool // such a path means this on Windows alone
		want    []string
	}{
		{"ftpisoctl", false, []string{"/x"}},
		{"/usr/local/bin/ftpisoctl", false, []string{"/x"}},
		{"iisftp", false, []string{"iisftp", "/x"}},
		{"/usr/local/bin/iisftp", false, []string{"iisftp", "/x"}},
		{"./IisFtp.EXE", false, []string{"iisftp", "/x"}},
		{`C:\Tools\IISFTP.exe`, true, []string{"iisftp", "/x"}},
		{"iisftpdr", false, []string{"/x"}},
		{"iisftp/ftpisoctl", false, []string{"/x"}},
		{"", false, []string{"/x"}},
	}
	for _, test := range tests {
		if test.windows && runtime.GOOS != "windows" {
			continue
		}
		if got := cli.Arguments([]string{test.called, "/x"}); !slices.Equal(got, test.want) {
			t.Errorf("called %q: got %q, want %q", test.called, got, test.want)
		}
	}
	if got := cli.Arguments(nil); len(got) != 0 {
		t.Errorf("called by nothing: got %q", got)
	}
}

// The one password that is taken from the command line is shown nowhere, however
// the call ends.
func TestIisftp_noOutputHoldsThePassword(t *testing.T) {
	const wrong = "Wr0ng-Pa55?"
	w, server := domain(t)
	url := w.variables["FTPISOCTL_SERVER"]
	delete(w.variables, "FTPISOCTL_BIND_USER")
	for _, password := range []string{adaPassword, wrong} {
		for _, fault := range []adsim.Faults{{}, {Drop: true}, {Busy: true}} {
			server.SetFaults(fault)
			for _, line := range [][]string{
				{"/GetADProp", "alice", "/s", url, "/u", `CORP\ada`, "/p", password},
				{"/SetADProp", "bob", "FTPDir", "x", "/s", url, "/u", `CORP\ada`, "/P", password},
				{"/GetADProp", "alice", "/s", url, "/u", `CORP\ada`, "/p" + password},
				{"/GetADProp", "alice", "/s", "http://dc1", "/u", "ada", "/p", password},
				{"/create", "p", "n", "/isolation", "AD", "/domain", "CORP", "/Admin", "ada", "/AdminPwd", password},
				{"/GetADProp", "alice", password},
			} {
				code := w.run(t, append([]string{"-vv", "--timeout", "2s", "iisftp"}, line...)...)
				all := w.out.String() + w.err.String()
				if strings.Contains(all, password) {
					t.Fatalf("%v: %s", line, all)
				}
				if code != 0 && code != 1 {
					t.Errorf("%v: exit code %d", line, code)
				}
			}
		}
	}
	if server.Stats().Binds == 0 {
		t.Error("no password was ever sent: the test proves nothing")
	}
}

// /p is the password even if the settings have another one, and an interruption
// has no code of its own.
func TestIisftp_hidesOtherPasswords(t *testing.T) {
	w, _ := domain(t)
	w.variables["FTPISOCTL_PASSWORD"] = "somebody else's"
	if code := w.run(t, "iisftp", "/GetADProp", "alice", "/s", w.variables["FTPISOCTL_SERVER"], "/u", `CORP\ada`, "/p", adaPassword); code != 0 {
		t.Errorf("exit code %d: %s%s", code, &w.out, &w.err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := w.runUntil(ctx, "iisftp", "/GetADProp", "alice", "/s", w.variables["FTPISOCTL_SERVER"], "/u", `CORP\ada`, "/p", adaPassword); code != 1 {
		t.Errorf("interrupted: exit code %d, want 1", code)
	}
}
