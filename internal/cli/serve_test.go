package cli_test

import (
	"bytes"
	"context"
	"net"
	"net/textproto"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/cli"
)

// notes is a standard error that a test reads while a service writes it.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the notes.
func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

// String returns what has been written so far.
func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// await waits for a line and returns its first group.
func (n *notes) await(t *testing.T, pattern string) string {
	t.Helper()
	deadline, poll := time.Now().Add(20*time.Second), time.Tick(5*time.Millisecond)
	for {
		if found := regexp.MustCompile(pattern).FindStringSubmatch(n.String()); found != nil {
			return found[len(found)-1]
		}
		if time.Now().After(deadline) {
			t.Fatalf("no line with %s in\n%s", pattern, n)
		}
		<-poll
	}
}

// tryLogin logs in to address and returns the last reply.
func tryLogin(t *testing.T, address, user, password string) string {
	t.Helper()
	dialed, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	conn := textproto.NewConn(dialed)
	defer conn.Close()
	var reply string
	for _, line := range []string{"", "USER " + user, "PASS " + password} {
		if line != "" {
			if err := conn.PrintfLine("%s", line); err != nil {
				t.Fatal(err)
			}
		}
		if reply, err = conn.ReadLine(); err != nil {
			t.Fatal(err)
		}
	}
	return reply
}

// A service tells in one place what its parts meet with: a refused login, and the
// domain controller that went away. -v adds each command, and still no password.
func TestServe_oneLogForAllParts(t *testing.T) {
	for _, flag := range []string{"", "-v"} {
		t.Run("serve "+flag, func(t *testing.T) {
			w, server := domainWithPassword(t)
			args := []string{"serve", "--config", file(t, "ftpisoctl.yaml", "sites: [{name: homes, bindings: ['127.0.0.1:0'],\n"+
				"  logFile: {enabled: false}, security: {ssl: {controlChannelPolicy: SslAllow, dataChannelPolicy: SslAllow}}}]")}
			if flag != "" {
				args = append(args, flag)
			}
			var told notes
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan int, 1)
			go func() {
				ended <- cli.Main(ctx, cli.Env{
					Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &told,
					LookupEnv:  func(name string) (string, bool) { value, ok := w.variables[name]; return value, ok },
					IsTerminal: func(any) bool { return false },
				}, args)
			}()
			address := told.await(t, `msg="serving FTP" site=homes address=(127\.0\.0\.1:\d+)`)
			if reply := tryLogin(t, address, "nobody", "Hunter2!!"); !strings.HasPrefix(reply, "530") {
				t.Errorf("reply %q", reply)
			}
			told.await(t, `level=INFO msg="login refused" account=nobody stage=lookup`)
			server.SetFaults(adsim.Faults{Refuse: true, Drop: true})
			if reply := tryLogin(t, address, "alice", "Hunter2!!"); !strings.HasPrefix(reply, "530") {
				t.Errorf("reply %q", reply)
			}
			told.await(t, `level=WARN msg="domain controller does not answer"`)
			stop()
			if code := <-ended; code != 0 {
				t.Errorf("exit code %d after an interrupt", code)
			}
			if debug := strings.Contains(told.String(), "level=DEBUG msg=command"); debug != (flag == "-v") {
				t.Errorf("commands are told: %v\n%s", debug, &told)
			}
			if strings.Contains(told.String(), "Hunter2") || strings.Contains(told.String(), adaPassword) {
				t.Errorf("a password is told:\n%s", &told)
			}
		})
	}
}
