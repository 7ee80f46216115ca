//go:build !embedded

package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// An audit of 100,000 users, whose homes are all kept for comparison and all printed
// in the end, is done in two minutes and in 300 MiB. The usual runs ask fewer.
func TestAudit_manyUsers(t *testing.T) {
	users, bar := 2_000, 60<<10
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		users, bar = 100_000, 300<<10
	}
	if raced {
		bar *= 4
	}
	began := time.Now()
	resident, octets := auditMemory(t, users)
	took := time.Since(began)
	t.Logf("%d users: %v with the start of the directory, %d KiB resident, %d KiB of report", users, took, resident, octets>>10)
	if resident > bar || resident == 0 && runtime.GOOS == "linux" {
		t.Errorf("%d users take %d KiB, more than %d", users, resident, bar)
	}
	if took > 2*time.Minute {
		t.Errorf("it took %v", took)
	}
}

// auditMemory audits an embedded directory and returns the most memory that the
// program had resident, in KiB, and the length of the report.
func auditMemory(t *testing.T, users int) (resident, octets int) {
	t.Helper()
	server, err := adsim.New(adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(seedOf(users))})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("Adm1n-Pa55!\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	limit, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	cmd := exec.CommandContext(limit, "ftpisoctl", "audit", "--level", "0", "-q", "-o", "json", "--allow-plaintext", "--server", "ldap://"+listener.Addr().String(),
		"--bind-user", `CORP\ada`, "--password-file", password)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 1<<16)
	for err == nil {
		var n int
		n, err = out.Read(buffer)
		octets += n
		resident = max(resident, highWater(t, cmd.Process.Pid))
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &problems)
	}
	return resident, octets
}
