//go:build lab

package lab_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// build makes the program once, as make does. FTPISOCTL_PROGRAM names one to test instead, such as a release.
var build = sync.OnceValues(func() (string, error) {
	if ready := os.Getenv("FTPISOCTL_PROGRAM"); ready != "" {
		return ready, nil
	}
	dir, err := os.MkdirTemp("", "program") // in the lab's own folder, which ends with the lab
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "ftpisoctl")
	cmd := exec.Command("go", "build", "-o", binary, "../../cmd/ftpisoctl")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

func program(t *testing.T) string {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatalf("build ftpisoctl: %v", err)
	}
	return binary
}

// environment is what the program sees: nothing of the machine's own settings.
func environment(t *testing.T, more ...string) []string {
	t.Helper()
	home := t.TempDir()
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_STATE_HOME=" + home, "KRB5_CONFIG=" + lab.Krb5Conf(),
	}, more...)
}

// outcome is how a command ended.
type outcome struct {
	stdout, stderr string
	code           int
	took           time.Duration
}

func (o outcome) String() string {
	return fmt.Sprintf("exit %d\n--- stdout\n%s--- stderr\n%s", o.code, o.stdout, o.stderr)
}

// execute runs a command to its end, at most for two minutes; also when the test is over.
func execute(t *testing.T, env []string, name string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &stdout, &stderr
	started := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", name, err)
	}
	if ctx.Err() != nil {
		t.Fatalf("%s %s: still running after two minutes\n%s", name, strings.Join(args, " "), &stderr)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(started)}
}

// ftpisoctl runs the program with the given connection flags.
func ftpisoctl(t *testing.T, connection []string, args ...string) outcome {
	t.Helper()
	return execute(t, environment(t), program(t), append(args, connection...)...)
}

// over returns flags for a simple bind as account through the given server URL.
func over(server string, account lab.Account, more ...string) []string {
	return append([]string{
		"--server", server, "--ca-file", lab.CAFile(), "--bind-user", account.UPN(), "--password-file", account.PasswordFile(),
	}, more...)
}

// ldaps returns flags for the usual connection.
func ldaps(account lab.Account) []string { return over("ldaps://"+lab.DC, account) }

// home is what get says about a user.
type home struct {
	User string  `json:"user"`
	Root *string `json:"root"`
	Dir  *string `json:"dir"`
}

func get(t *testing.T, connection []string, user string) home {
	t.Helper()
	got := ftpisoctl(t, connection, "get", user, "-o", "json")
	if got.code != 0 {
		t.Fatalf("get %s: %v", user, got)
	}
	var list struct{ Users []home }
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || len(list.Users) != 1 {
		t.Fatalf("get %s: %v, %d users in %s", user, err, len(list.Users), got.stdout)
	}
	return list.Users[0]
}

// eventually polls until ok holds or the limit is over.
func eventually(limit time.Duration, ok func() bool) bool {
	for until := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		if ok() {
			return true
		}
		if time.Now().After(until) {
			return false
		}
	}
}
