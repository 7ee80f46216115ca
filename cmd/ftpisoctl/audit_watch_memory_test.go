//go:build !embedded

package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
)

// A watcher of 100,000 users tells soon that two have one home, and takes
// less than 400 MiB, in which all of them are kept. The usual runs have fewer.
func TestAuditWatch_manyUsers(t *testing.T) {
	users, bar := 2_000, 80<<10
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		users, bar = 100_000, 400<<10
	}
	if raced {
		bar *= 4
	}
	seed := strings.Replace(seedOf(users), "userPassword:", "memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com\nuserPassword:", 1)
	served := adsimtest.Start(t, adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(seed)})
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("Adm1n-Pa55!\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	limit, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	run := func(args ...string) *exec.Cmd {
		args = append(args, "--allow-plaintext", "--server", served.URL, "--bind-user", `CORP\ada`, "--password-file", password)
		cmd := exec.CommandContext(limit, "ftpisoctl", args...)
		cmd.Env = append(os.Environ(), "FTPISOCTL_JOURNAL="+t.TempDir())
		return cmd
	}
	began := time.Now()
	watch := run("audit", "--watch", "--poll", "200ms", "--severity", "critical")
	told, err := watch.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := watch.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := watch.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watch.Process.Kill() }()
	for lines := bufio.NewScanner(told); lines.Scan() && !strings.HasPrefix(lines.Text(), "watching "); {
		if strings.HasPrefix(lines.Text(), "error") {
			t.Fatal(lines.Text())
		}
	}
	start := time.Since(began)
	events := bufio.NewScanner(out)
	slowest := time.Duration(0)
	for _, step := range []struct{ dir, want string }{{"user2", "found"}, {"user1", "resolved"}} {
		if text, err := run("set", "user1", "--dir", step.dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		began := time.Now()
		for range 2 {
			if !events.Scan() || !strings.Contains(events.Text(), `"event":"`+step.want+`"`) {
				t.Fatalf("got %q, want that something is %s", events.Text(), step.want)
			}
		}
		slowest = max(slowest, time.Since(began))
	}
	resident := highWater(t, watch.Process.Pid)
	t.Logf("%d users: %v until it watches, a change told within %v, %d KiB resident", users, start, slowest, resident)
	if resident > bar || resident == 0 && runtime.GOOS == "linux" {
		t.Errorf("%d users take %d KiB, more than %d", users, resident, bar)
	}
	if slowest > 2*time.Minute {
		t.Errorf("a change was told after %v", slowest)
	}
	if runtime.GOOS == "windows" {
		return // an interrupt cannot be sent there
	}
	if err := watch.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := watch.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}
