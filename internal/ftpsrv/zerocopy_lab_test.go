//go:build lab && linux

package ftpsrv_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	// tracedRole is set in the process that strace looks at.
	tracedRole = "FTPSRV_TRACED_ROLE"
	tracedSize = 64 << 20
)

// TestZeroCopy runs a server alone in a process under strace, moves 64 MiB each
// way and counts system calls: the octets go from file to socket and back without
// passing through a buffer of ours.
func TestZeroCopy(t *testing.T) {
	if os.Getenv(tracedRole) != "" {
		serveTraced(t)
		return
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-e", "trace=sendfile,splice,read,write,recvfrom,sendto", "-o", trace,
		os.Args[0], "-test.run=^TestZeroCopy$")
	cmd.Env = append(os.Environ(), tracedRole+"=server")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var addr string
	if _, err := fmt.Fscanln(out, &addr); err != nil {
		t.Fatal(err)
	}
	c := dial(t, addr)
	c.login()
	c.cmd("TYPE I", "200 ")
	want := random(tracedSize)
	if got := c.stor("f.bin", want); got != "226 Transfer complete." {
		t.Errorf("upload: %q", got)
	}
	if got := c.retr("f.bin"); !bytes.Equal(got, want) {
		t.Error("the file came back changed")
	}
	c.cmd("QUIT", "221 ")
	c.close()
	_ = in.Close()
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	moved := movedBy(t, trace)
	t.Logf("octets by system call: %v", moved)
	for _, call := range []string{"sendfile", "splice"} {
		if moved[call] < tracedSize {
			t.Errorf("%s moved %d octets, want at least %d", call, moved[call], tracedSize)
		}
	}
	for _, call := range []string{"read", "write", "recvfrom", "sendto"} {
		if moved[call] > 1<<20 {
			t.Errorf("%s moved %d octets, want those of the control connection only", call, moved[call])
		}
	}
}

// serveTraced serves a folder until its standard input ends.
func serveTraced(t *testing.T) {
	s := newSite(t, nil)
	s.local(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.serve(t, ln)
	fmt.Println(s.addr)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

var finished = regexp.MustCompile(`(?:^\d+ +|resumed>.*|<\.\.\. )(sendfile|splice|read|write|recvfrom|sendto)\b.*= (\d+)$`)

// movedBy adds up the results of each system call in a trace.
func movedBy(t *testing.T, trace string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	moved := make(map[string]int)
	for line := range strings.Lines(string(text)) {
		if m := finished.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			n, _ := strconv.Atoi(m[2])
			moved[m[1]] += n
		}
	}
	return moved
}
