package shares_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// deaf replaces the resolver of the process by one without an answer, and counts
// what it was asked.
func deaf(t *testing.T) *atomic.Int32 {
	t.Helper()
	var asked atomic.Int32
	system := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		asked.Add(1)
		return nil, syscall.ECONNREFUSED
	}}
	t.Cleanup(func() { net.DefaultResolver = system })
	return &asked
}

// No packet, not even one that asks for the address, leaves for a server that is
// not listed. The listed one shows that this test would see it.
func TestOpener_asksNothingAboutServersThatAreNotListed(t *testing.T) {
	asked := deaf(t)
	opener := shares.NewOpener(shares.Policy{FileServers: []shares.FileServer{{Pattern: "*.files.example.net", NTLM: true}}})
	as := shares.NewCredentials("CORP", "alice", "corp.example.com", secret.New("Wonder1and!"))
	for _, location := range []string{
		`\\evil.example.net\ftp$`, `\\files.example.net\ftp$`, `\\fs01.files.example.net.evil.example.org\s`, `\\192.0.2.1\s`, "/etc", `C:\x`,
	} {
		var refusal *shares.NotAllowedError
		if home, err := opener.Open(t.Context(), place(t, location), as); !errors.As(err, &refusal) {
			t.Errorf("open %s: %v, %v", location, home, err)
		}
		if report := opener.Check(t.Context(), place(t, location), as); len(report.Steps) != 1 || !errors.As(report.Failed().Err, &refusal) {
			t.Errorf("check %s: %+v", location, report.Steps)
		}
	}
	if got := asked.Load(); got != 0 {
		t.Fatalf("%d questions about servers that are not listed", got)
	}

	listed := place(t, `\\fs01.files.example.net\ftp$`)
	if home, err := opener.Open(t.Context(), listed, as); winerr.Of(err) != winerr.BadNetPath {
		t.Errorf("open a listed server without an address: %v, %v", home, err)
	}
	opened := asked.Load()
	report := opener.Check(t.Context(), listed, as)
	names := []string{}
	for _, step := range report.Steps {
		names = append(names, step.Name)
	}
	if opened == 0 || asked.Load() == opened || !slices.Equal(names, []string{"allowed", "name"}) {
		t.Errorf("a listed server: %d questions to open it, %d to check it, steps %q", opened, asked.Load()-opened, names)
	}
}
