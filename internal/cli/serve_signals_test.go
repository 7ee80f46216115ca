//go:build linux

package cli_test

import (
	"bytes"
	"context"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/cli"
)

// supervisor is systemd's end of NOTIFY_SOCKET.
type supervisor struct{ conn *net.UnixConn }

func (s *supervisor) want(t *testing.T, state string) {
	t.Helper()
	message := make([]byte, 256)
	if err := s.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, err := s.conn.Read(message)
	if err != nil || !strings.HasPrefix(string(message[:n]), state) {
		t.Fatalf("told %q, %v, want %q", message[:n], err, state)
	}
}

// The life of a service under systemd, with real signals: ready, reloaded, its log
// rolled, stopped.
func TestServe_signals(t *testing.T) {
	w, _ := domainWithPassword(t)
	folder, err := os.MkdirTemp("", "ftpiso") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	systemd := &supervisor{conn}
	w.variables["NOTIFY_SOCKET"] = socket
	logs := filepath.Join(folder, "logs")
	text := "sites: [{name: homes, bindings: ['127.0.0.1:0'], messages: {bannerMessage: first},\n" +
		"  logFile: {directory: " + logs + "}, security: {ssl: {controlChannelPolicy: SslAllow, dataChannelPolicy: SslAllow}}}]"
	path := file(t, "ftpisoctl.yaml", text)
	var told notes
	var unset []string
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, cli.Env{
			Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &told,
			LookupEnv:  func(name string) (string, bool) { value, ok := w.variables[name]; return value, ok },
			Unsetenv:   func(name string) error { unset = append(unset, name); return nil },
			IsTerminal: func(any) bool { return false },
		}, []string{"serve", "--config", path})
	}()
	address := told.await(t, `msg="serving FTP" site=homes address=(127\.0\.0\.1:\d+)`)
	systemd.want(t, "READY=1")
	session, err := textproto.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	greeted(t, session, "first")

	if err := os.WriteFile(path, []byte(strings.Replace(text, "first", "second", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	signalSelf(t, syscall.SIGHUP)
	systemd.want(t, "RELOADING=1\nMONOTONIC_USEC=")
	systemd.want(t, "READY=1")
	later, err := textproto.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	greeted(t, later, "second")

	if err := os.WriteFile(path, []byte("sites: [{}, {}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	signalSelf(t, syscall.SIGHUP)
	systemd.want(t, "RELOADING=1")
	systemd.want(t, "READY=1")
	told.await(t, `level=ERROR msg="the configuration was not reloaded; the one before holds on" cause=.*second site`)

	files, err := filepath.Glob(filepath.Join(logs, "*.log"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	signalSelf(t, syscall.SIGUSR1)
	told.await(t, `msg="access log rolled"`)
	if _, err := os.Stat(files[0]); err != nil {
		t.Errorf("no new file: %v", err)
	}

	stop()
	systemd.want(t, "STOPPING=1")
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
	if len(unset) != 1 || unset[0] != "NOTIFY_SOCKET" {
		t.Errorf("unset %q", unset)
	}
}

func greeted(t *testing.T, conn *textproto.Conn, banner string) {
	t.Helper()
	if _, message, err := conn.ReadResponse(220); err != nil || !strings.Contains(message, banner) {
		t.Errorf("greeted with %q, %v, want %q", message, err, banner)
	}
}

func signalSelf(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), s); err != nil {
		t.Fatal(err)
	}
}
