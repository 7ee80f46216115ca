package ftpsrv_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

const strangerFile = "FTPISOCTL_TEST_STRANGER"

// TestSharing_stranger is what the other process of the next test runs: it has a
// file open for writing until its standard input ends.
func TestSharing_stranger(t *testing.T) {
	path := os.Getenv(strangerFile)
	if path == "" {
		return // nobody has started it
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, _ = os.Stdout.WriteString("open\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// writeElsewhere has another process open a file for writing, until the function
// that it returns is called.
func writeElsewhere(t *testing.T, path string) (end func()) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "-test.run", "^TestSharing_stranger$")
	cmd.Env = append(os.Environ(), strangerFile+"="+path)
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || strings.TrimSpace(line) != "open" {
		t.Errorf("the other process says %q, %v", line, err)
	}
	return func() {
		_ = input.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the other process: %v", err)
		}
	}
}

// Row 1.11 with another process in earnest, on the folders of this system.
func TestSharing_betweenProcesses(t *testing.T) {
	s := newSite(t, func(cfg *ftpsrv.Config) { cfg.Log = nil })
	dir := s.local(t)
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	c.cmd("TYPE I", "200 ")
	end := writeElsewhere(t, path)
	c.passive()
	c.cmd("RETR file", "550 The process cannot access the file because it is being used by another process. ")
	eventually(t, "row with 550, 32 and 3", func() bool { return strings.Contains(s.access.String(), " RETR file 550 32 3 ") })
	end()
	if got := c.retr("file"); string(got) != "content" {
		t.Errorf("afterwards: got %q", got)
	}
}
