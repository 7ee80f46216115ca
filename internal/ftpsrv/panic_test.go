package ftpsrv_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// A panic of any goroutine of a session ends that session and no other. Those of
// commands, transfers and logins are dialogs.

// explosive is a listener whose connections panic when they read a word.
type explosive struct{ net.Listener }

type charge struct{ net.Conn }

func (e explosive) Accept() (net.Conn, error) {
	nc, err := e.Listener.Accept()
	return charge{nc}, err
}

func (c charge) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if bytes.Contains(p[:n], []byte("boom")) {
		panic("read gone wrong")
	}
	return n, err
}

// wantPanic checks what a panic leaves: a stack in the log, the Win32 status of the
// session where that is known, and a server that serves.
func wantPanic(t *testing.T, s *site, row string) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("access log:\n%s", s.access.String())
		}
	})
	eventually(t, "end of the session", func() bool { return strings.Contains(s.access.String(), row) })
	if !strings.Contains(s.diag.String(), "panic in a session") {
		t.Errorf("no panic in the log:\n%s", s.diag.String())
	}
	c := dial(t, s.addr)
	c.login()
	c.cmd("NOOP", "200 ")
}

func TestPanic_ofTheReader(t *testing.T) {
	s := newSite(t, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.serve(t, explosive{ln})
	c := dial(t, s.addr)
	c.login()
	dc := c.passive()
	c.cmd("STOR up.bin", "125 ")
	_, _ = dc.Write([]byte("half"))
	c.send("boom\r\n")
	for err := error(nil); err != io.EOF; { // the transfer may have had time for its 426
		var line string
		if line, err = c.line(); err == nil && !strings.HasPrefix(line, "426 ") {
			t.Fatalf("got %q, want the end", line)
		}
	}
	wantPanic(t, s, "DataChannelClosed - - 31 22")
	wantPanic(t, s, "ControlChannelClosed - - 31 0")
	if got, err := s.get("/up.bin"); err == nil {
		t.Errorf("half an upload is there: %q", got)
	}
}

// grudging is a home that panics when it is closed.
type grudging struct{ storage.FS }

func (grudging) Close() error { panic("close gone wrong") }

func TestPanic_ofAHomeThatCloses(t *testing.T) {
	for _, command := range []string{"QUIT", "USER bob"} {
		s := newSite(t, nil)
		s.wrap = func(root storage.FS) storage.FS { return grudging{root} }
		s.start(t)
		c := dial(t, s.addr)
		c.login()
		c.send(command + "\r\n")
		c.reply()
		c.close()
		wantPanic(t, s, "ControlChannelClosed")
	}
}
