//go:build lab

package lab_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// document is a page that tells people what to type.
type document struct{ text string }

// block returns the only block of a language, with what stands in the lab put in for
// what stands on a machine.
func (d document) block(t *testing.T, language string, replaced ...string) string {
	t.Helper()
	found := regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(d.text, -1)
	if len(found) != 1 {
		t.Fatalf("%d blocks of %s", len(found), language)
	}
	for i := 0; i < len(replaced); i += 2 {
		if !strings.Contains(found[0][1], replaced[i]) {
			t.Errorf("the block of %s has no %s", language, replaced[i])
		}
	}
	return strings.NewReplacer(replaced...).Replace(found[0][1])
}

// line is a command with what the page says that it prints.
type line struct {
	command string
	output  []string
}

func (d document) lines() []line {
	var all []line
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(d.text, -1) {
		for text := range strings.Lines(block[1]) {
			text = strings.TrimSpace(text)
			if command, ok := strings.CutPrefix(text, "$ "); ok {
				all = append(all, line{command: command})
			} else if len(all) > 0 {
				last := &all[len(all)-1]
				last.output = append(last.output, text)
			}
		}
	}
	return all
}

// The page that leads from an empty share to a user who uploads is run line by line.
func TestDocuments_isolationInThreeSteps(t *testing.T) {
	openShare(t)
	for _, user := range []lab.Account{lab.Alice, lab.Bob, lab.Frank, lab.Grace} {
		root, dir := attributes(t, user)
		write(t, user, root, dir) // puts back what the page changes
	}
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(lab.ShareDir(), "partners")) })
	text, err := os.ReadFile("../../docs/isolation-in-three-steps.md")
	if err != nil {
		t.Fatal(err)
	}
	page, dir := document{string(text)}, t.TempDir()
	s := &service{addr: net.JoinHostPort(lab.FTPServerAddr, "21"), logs: filepath.Join(dir, "logs"), diag: new(lockedBuffer), config: filepath.Join(dir, "ftpisoctl.yaml")}
	config := page.block(t, "yaml", "/etc/ftpisoctl/ca.pem", lab.CAFile(), "ftpisolation@corp.example.com", lab.Administrator.UPN(),
		"/etc/ftpisoctl/password", lab.Administrator.PasswordFile(), "0.0.0.0:21", s.addr, "/var/log/ftpisoctl", s.logs)
	for name, content := range map[string]string{"ftpisoctl.yaml": config, "homes.csv": page.block(t, "csv")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(s.logs, 0o700); err != nil {
		t.Fatal(err)
	}
	env := environment(t, "FTPISOCTL_CONFIG="+s.config)
	env[0] = "PATH=" + filepath.Dir(program(t)) + ":" + os.Getenv("PATH")
	lines := page.lines()
	if len(lines) < 15 {
		t.Fatalf("only %d commands found", len(lines))
	}
	for _, one := range lines {
		if one.command == "ftpisoctl serve" {
			s.start(t, env)
			s.threeSteps(t)
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, "bash", "-c", one.command)
		var out bytes.Buffer
		cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, dir, &out, &out
		if err := cmd.Run(); err != nil {
			t.Fatalf("$ %s\n%s%v", one.command, &out, err)
		}
		cancel()
		for _, want := range one.output {
			if !strings.Contains(out.String(), want) {
				t.Errorf("$ %s\n%swant %s", one.command, &out, want)
			}
		}
	}
}

// start runs serve with a configuration that is there, until the test ends.
func (s *service) start(t *testing.T, env []string) {
	t.Helper()
	cmd := exec.Command(program(t), "serve")
	cmd.Env, cmd.Stdout, cmd.Stderr = env, s.diag, s.diag
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.pid = cmd.Process.Pid
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { s.stop(t, cmd.Process, ended) })
	if !eventually(20*time.Second, func() bool { return s.answers(ended) }) {
		t.Fatalf("serve does not answer on %s\n%s", s.addr, s.diag)
	}
}

// threeSteps is what the page promises.
func (s *service) threeSteps(t *testing.T) {
	t.Helper()
	alice := login(t, s, lab.Alice)
	if got := alice.upload([]byte("hers"), "STOR mine.txt"); got.code != 226 {
		t.Errorf("alice uploads: %v", got)
	}
	if content, err := os.ReadFile(filepath.Join(lab.ShareDir(), "partners", "alice", "mine.txt")); err != nil || string(content) != "hers" {
		t.Errorf("it is not where the page says: %q, %v", content, err)
	}
	alice.cmd("QUIT")
	bob := login(t, s, lab.Bob)
	for _, name := range []string{"mine.txt", "../alice/mine.txt", "/alice/mine.txt"} {
		if got := bob.cmd("SIZE %s", name); got.code != 550 {
			t.Errorf("bob sees what is alice's: %v", got)
		}
	}
	bob.cmd("QUIT")
}
