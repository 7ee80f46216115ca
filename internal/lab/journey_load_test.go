//go:build lab

package lab_test

import (
	"fmt"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// Hundreds of logins to the real share leave no connection behind. The thousand is done against the embedded directory.
func TestLoad_loginsLeaveNothing(t *testing.T) {
	s := serve(t)
	login(t, s, lab.Alice).cmd("QUIT") // the directory's connections are open from now on
	settle := func() int {
		n := -1
		eventually(15*time.Second, func() bool {
			before := n
			n = descriptors(t, s.pid)
			return n == before && s.openSessions(t) == 0
		})
		return n
	}
	before := settle()
	const workers, each = 6, 50
	password := lab.Alice.Password(t).Reveal()
	var wg sync.WaitGroup
	started := time.Now()
	for range workers {
		wg.Go(func() {
			for i := range each {
				if err := logInAndOut(s.addr, "alice", password); err != nil {
					t.Errorf("login %d: %v", i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d logins in %v", workers*each, time.Since(started))
	// The pool of the directory may have grown by a few connections; sessions and shares must be gone.
	const pool = 2 * workers
	if after := settle(); after > before+pool {
		t.Errorf("descriptors: %d before, %d after, want at most %d more\n%s", before, after, pool, open(s.pid))
	}
}

// logInAndOut is a whole session. Unlike a client it may be used away from the test's own goroutine: it ends no test.
func logInAndOut(addr, user, password string) error {
	nc, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = nc.Close() }()
	_ = nc.SetDeadline(time.Now().Add(30 * time.Second))
	text := textproto.NewConn(nc)
	for _, step := range []struct {
		command string
		code    int
	}{{"", 220}, {"USER " + user, 331}, {"PASS " + password, 230}, {"QUIT", 221}} {
		if step.command != "" {
			if err := text.PrintfLine("%s", step.command); err != nil {
				return err
			}
		}
		if _, _, err := text.ReadResponse(step.code); err != nil {
			return fmt.Errorf("want %d: %w", step.code, err)
		}
	}
	return nil
}

func descriptors(t *testing.T, pid int) int {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// open lists what a process has open, for a failure's message.
func open(pid int) string {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, _ := os.ReadDir(dir)
	var lines []string
	for _, e := range entries {
		target, _ := os.Readlink(filepath.Join(dir, e.Name()))
		lines = append(lines, target)
	}
	return strings.Join(lines, "\n")
}

// openSessions counts the control connections that the access log has seen opened and not closed.
func (s *service) openSessions(t *testing.T) int {
	t.Helper()
	n := 0
	for _, r := range s.rows(t) {
		switch r["cs-method"] {
		case "ControlChannelOpened":
			n++
		case "ControlChannelClosed":
			n--
		}
	}
	return n
}

var moved = regexp.MustCompile(`(sendfile|splice)(?:\(| resumed).* = (\d+)$`)

// Bytes go between file and socket inside the kernel: RETR by sendfile, STOR by splice.
func TestLoad_transfersOfLocalFilesDoNotPassThroughABuffer(t *testing.T) {
	dir := t.TempDir()
	trace, homes := filepath.Join(dir, "trace"), filepath.Join(dir, "homes")
	output := new(lockedBuffer)
	addr := net.JoinHostPort(lab.FTPServerAddr, "2121")
	// -D makes strace the grandchild, so that the process we start is the program.
	cmd := exec.Command("strace", "-D", "-f", "-qq", "-e", "signal=none", "-e", "trace=sendfile,splice", "-o", trace,
		program(t), "demo", "--listen", addr, "--data", homes)
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(t), output, output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	s := &service{addr: addr, logs: dir, diag: output, pid: cmd.Process.Pid}
	t.Cleanup(func() { s.stop(t, cmd.Process, ended) })
	if !eventually(30*time.Second, func() bool { return s.answers(ended) }) {
		t.Fatalf("demo does not answer\n%s", output)
	}
	const size = 64 << 20
	sent, received := filepath.Join(dir, "sent"), filepath.Join(dir, "received")
	randomFile(t, sent, size)
	password := lab.Alice.Password(t).Reveal() // the demo's alice has the same
	url := "ftp://" + addr + "/big.bin"
	if got := curl(t, "alice", password, "--upload-file", sent, url); got.code != 0 {
		t.Fatalf("upload: %v", got)
	}
	if got := curl(t, "alice", password, "--output", received, url); got.code != 0 {
		t.Fatalf("download: %v", got)
	}
	if sum(t, sent) != sum(t, received) {
		t.Error("what came back is not what was sent")
	}
	// A byte is spliced twice: from the socket into a pipe, and from the pipe into the file.
	var bytes map[string]int
	zeroCopy := eventually(10*time.Second, func() bool { // strace may lag behind
		bytes = bytesMoved(t, trace)
		return bytes["sendfile"] >= size && bytes["splice"] >= 2*size
	})
	if !zeroCopy {
		t.Errorf("of %d bytes each way sendfile moved %d and splice %d in two steps", size, bytes["sendfile"], bytes["splice"])
	}
}

// bytesMoved adds up what system calls in a trace returned.
func bytesMoved(t *testing.T, trace string) map[string]int {
	t.Helper()
	content, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	bytes := map[string]int{}
	for line := range strings.Lines(string(content)) {
		if call := moved.FindStringSubmatch(strings.TrimSpace(line)); call != nil {
			n, _ := strconv.Atoi(call[2])
			bytes[call[1]] += n
		}
	}
	return bytes
}
