//go:build lab

package lab_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// service is a running "ftpisoctl serve".
type service struct {
	addr string // where FTP answers
	logs string // folder of the access log
	diag *lockedBuffer
	pid  int
	// config is the file that it read.
	config string
	killed chan syscall.WaitStatus // how it ended
	dead   bool                    // a test has killed it
}

// kill ends the service with a signal that it does not expect.
func (s *service) kill(t *testing.T, with syscall.Signal) (state syscall.WaitStatus) {
	t.Helper()
	s.dead = true
	if err := syscall.Kill(s.pid, with); err != nil {
		t.Fatal(err)
	}
	select {
	case state = <-s.killed:
	case <-time.After(20 * time.Second):
		t.Fatalf("it lives on after %v", with)
	}
	return state
}

const serviceConfig = `
directory:
  server: [ldaps://%[1]s]
  caFile: "%[2]s"
  bindUser: %[3]s
  passwordFile: "%[4]s"
fileServers:
  - name: %[5]s
server:
  security: {authentication: {denyByFailure: {entryExpiration: 1s}}}
sites:
  - name: lab
    bindings: ["%[6]s"]
    messages: {allowLocalDetailedErrors: false} # all clients are on this machine
    security:
      ssl: {controlChannelPolicy: SslAllow, dataChannelPolicy: SslAllow}
    userIsolation:
      mode: ActiveDirectory
      activeDirectory: {adCacheRefresh: 0s}
    logFile: {directory: "%[7]s"}
`

// serve starts the service with the service account of the lab, and with more sections in its configuration. It is
// stopped when the test ends, and must then end by itself and without complaint.
func serve(t *testing.T, sections ...string) *service {
	t.Helper()
	return serveIn(t, environment(t), sections...)
}

// serveIn is serve in an environment.
func serveIn(t *testing.T, environment []string, sections ...string) *service {
	t.Helper()
	dir := t.TempDir()
	s := &service{addr: net.JoinHostPort(lab.FTPServerAddr, "21"), logs: filepath.Join(dir, "logs"), diag: new(lockedBuffer), killed: make(chan syscall.WaitStatus, 1)}
	s.config = filepath.Join(dir, "ftpisoctl.yaml")
	text := fmt.Sprintf(serviceConfig, lab.DC, lab.CAFile(), lab.Service.UPN(), lab.Service.PasswordFile(), lab.FileServer, s.addr, s.logs)
	if err := os.WriteFile(s.config, []byte(text+strings.Join(sections, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.logs, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program(t), "serve", "--config", s.config)
	cmd.Env, cmd.Stdout, cmd.Stderr = environment, s.diag, s.diag
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.pid = cmd.Process.Pid
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		state, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
		s.killed <- state
		ended <- err
	}()
	t.Cleanup(func() { s.stop(t, cmd.Process, ended) })
	if !eventually(20*time.Second, func() bool { return s.answers(ended) }) {
		t.Fatalf("serve does not answer on %s\n%s", s.addr, s.diag)
	}
	return s
}

// reload changes a text in the configuration and has the service read it again.
func (s *service) reload(t *testing.T, old, text string) {
	t.Helper()
	config, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(config, []byte(old)) {
		t.Fatalf("no %q in\n%s", old, config)
	}
	if err := os.WriteFile(s.config, bytes.Replace(config, []byte(old), []byte(text), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	const done = `msg="configuration reloaded"`
	before := strings.Count(s.diag.String(), done)
	if err := syscall.Kill(s.pid, syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if !eventually(20*time.Second, func() bool { return strings.Count(s.diag.String(), done) > before }) {
		t.Fatalf("not reloaded\n%s", s.diag)
	}
}

func (s *service) answers(ended chan error) bool {
	if len(ended) > 0 {
		return false
	}
	c, err := net.DialTimeout("tcp", s.addr, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

func (s *service) stop(t *testing.T, p *os.Process, ended chan error) {
	t.Helper()
	_ = p.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		if err != nil && !s.dead {
			t.Errorf("serve ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		_ = p.Kill()
		t.Error("serve did not end within 30 s of SIGTERM")
	}
	if t.Failed() {
		t.Logf("messages of serve:\n%s", s.diag)
		rows, _ := filepath.Glob(filepath.Join(s.logs, "*"))
		for _, name := range rows {
			text, _ := os.ReadFile(name)
			lines := strings.Split(string(text), "\n")
			t.Logf("end of the access log %s:\n%s", filepath.Base(name), strings.Join(lines[max(0, len(lines)-30):], "\n"))
		}
	}
}

// row is one line of the access log, by column name.
type row map[string]string

// rows reads the access log as it is now.
func (s *service) rows(t *testing.T) []row {
	t.Helper()
	var found []row
	err := filepath.Walk(s.logs, func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		var fields []string
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if names, ok := strings.CutPrefix(line, "#Fields: "); ok {
				fields = strings.Fields(names)
			}
			values := strings.Fields(line)
			if strings.HasPrefix(line, "#") || len(values) != len(fields) {
				continue
			}
			r := row{}
			for i, f := range fields {
				r[f] = values[i]
			}
			found = append(found, r)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// waitForRow polls the access log for a row with these columns; written as "cs-method=PASS sc-status=530".
func (s *service) waitForRow(t *testing.T, columns string) {
	t.Helper()
	s.waitForNewRow(t, 0, columns)
}

// waitForNewRow does not look at the rows that had been there before.
func (s *service) waitForNewRow(t *testing.T, before int, columns string) {
	t.Helper()
	found := eventually(5*time.Second, func() bool {
		return slices.ContainsFunc(s.rows(t)[before:], func(r row) bool { return r.has(columns) })
	})
	if !found {
		t.Errorf("no row with %s among %v", columns, s.rows(t)[before:])
	}
}

func (r row) has(columns string) bool {
	for column := range strings.FieldsSeq(columns) {
		name, value, _ := strings.Cut(column, "=")
		if r[name] != value {
			return false
		}
	}
	return true
}

// lockedBuffer takes the output of a program while a test reads it.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
