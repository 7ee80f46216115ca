//go:build linux

package rules_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
)

// listening returns the port of a listener that takes connections and says nothing.
func listening(t *testing.T, address string) (net.Listener, string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return l, port
}

// Three file servers: one is well, one takes connections and stays silent, the port of
// one is closed. The audit ends in bounded time, tells each dead one once with the users
// behind it, and none of those passes for anything.
func TestAudit_deadServersAmongThree(t *testing.T) {
	const directory, patience, users = 0x10, 300 * time.Millisecond, 50
	well := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}}}
	_, silent := listening(t, "127.0.0.2:0")
	shut, closedPort := listening(t, "127.0.0.3:0")
	_ = shut.Close()
	var accounts []ldapattr.Account
	for i := range users {
		name := fmt.Sprintf("u%02d", i)
		if name != "u00" { // whose home is missing
			well.Entries[name] = smbtest.Entry{Attributes: directory}
		}
		accounts = append(accounts, of(name, name, `\\127.0.0.1\s`), of("v"+name, name, `\\127.0.0.2\s`), of("w"+name, name, `\\127.0.0.3\s`))
	}
	policy := shares.Policy{FileServers: []shares.FileServer{
		{Pattern: "127.0.0.1", NTLM: true, Port: well.Start(t)}, {Pattern: "127.0.0.2", Port: silent}, {Pattern: "127.0.0.3", Port: closedPort},
	}}
	as := shares.Credentials{Domain: smbtest.Domain, User: smbtest.User, Password: secret.New(smbtest.Password)}
	checks, err := audit.Select(rules.All(), audit.Scope{Rules: []string{"S*", "H*"}}, 2)
	if err != nil {
		t.Fatal(err)
	}
	homes, servers := 0, 0
	began := time.Now()
	report, err := audit.Run(t.Context(), each(accounts), audit.Options{
		Checks: checks, Level: 2, Settings: audit.Settings{Now: now, FileServers: true},
		Survey:   survey.New(shares.NewOpener(policy), survey.Config{As: as, Patience: patience}).Run,
		Announce: func(s, h int) { servers, homes = s, h },
	})
	if took := time.Since(began); err != nil || took > 20*patience {
		t.Errorf("%v after %v", err, took)
	}
	if servers != 3 || homes != 3*users {
		t.Errorf("announced were %d servers with %d homes", servers, homes)
	}
	got := ""
	for _, f := range report.Findings {
		got += f.Rule + "\t" + f.Login + "\n"
	}
	table, err := os.ReadFile(filepath.Join("testdata", "loopback.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	if _, want, _ := strings.Cut(string(table), "S*,H*\n"); got != want {
		t.Errorf("found\n%s\nwant\n%s", got, want)
	}
	var lost []string
	for _, u := range report.Unreachable {
		lost = append(lost, fmt.Sprintf("%s %d", u.Name, u.Users))
	}
	if want := []string{"127.0.0.2 50", "127.0.0.3 50"}; !slices.Equal(lost, want) {
		t.Errorf("out of reach are %q, want %q", lost, want)
	}
	const silence = "the file server does not answer"
	want := map[string]audit.Result{
		"S01": {Passed: 3}, "S02": {Found: 2, Passed: 1}, "S03": {Passed: 1, NotChecked: 2}, "H01": {Found: 1, Passed: users - 1, NotChecked: 2 * users},
		"H02": {Passed: users, NotChecked: 2 * users}, "S16": {Passed: 2, NotChecked: 4},
	}
	for _, r := range report.Results {
		w, listed := want[r.Rule]
		if listed && (r.Found != w.Found || r.Passed != w.Passed || r.NotChecked != w.NotChecked) {
			t.Errorf("%s: got %+v, want %+v", r.Rule, r, w)
		}
		if r.NotChecked > 0 && listed && r.Reasons[0].Text != silence {
			t.Errorf("%s: not checked because %+v", r.Rule, r.Reasons)
		}
	}
	for i, state := range []string{"ok", "unreachable", "unreachable"} {
		if s := report.Servers[i]; s.State != state || (s.Shares[0].State == "ok") != (i == 0) || s.Shares[0].Homes[1].State != map[bool]string{true: "ok"}[i == 0] {
			t.Errorf("%s is %q, its share %q, a home %q", s.Name, s.State, s.Shares[0].State, s.Shares[0].Homes[1].State)
		}
	}
	if first := report.Servers[0].Shares[0].Homes[0]; first.State != "missing" {
		t.Errorf("got %+v", first)
	}
}
