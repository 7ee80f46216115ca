//go:build lab

package lab_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// client is a small FTP client that shows every reply as it came.
type client struct {
	t    *testing.T
	nc   net.Conn
	text *textproto.Conn
}

// reply is code and text of one reply.
type reply struct {
	code int
	text string
}

func (r reply) String() string { return fmt.Sprintf("%d %s", r.code, r.text) }

// dial connects from the lab's client address and reads the greeting.
func dial(t *testing.T, s *service) *client {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(lab.ClientAddr)}, Timeout: 5 * time.Second}
	nc, err := d.DialContext(t.Context(), "tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, nc: nc, text: textproto.NewConn(nc)}
	t.Cleanup(func() { _ = c.text.Close() })
	if got := c.read(); got.code != 220 {
		t.Fatalf("greeting: got %v, want 220", got)
	}
	return c
}

// login connects and logs in; the test fails when that fails.
func login(t *testing.T, s *service, user lab.Account) *client {
	t.Helper()
	c := dial(t, s)
	if got := c.try(string(user), user.Password(t).Reveal()); got.code != 230 {
		t.Fatalf("login of %s: got %v, want 230", user, got)
	}
	return c
}

// try sends USER and PASS and returns the last reply.
func (c *client) try(user, password string) reply {
	c.t.Helper()
	if got := c.cmd("USER %s", user); got.code != 331 {
		return got
	}
	return c.cmd("PASS %s", password)
}

// cmd sends a command and returns its first reply.
func (c *client) cmd(format string, args ...any) reply {
	c.t.Helper()
	c.send(format, args...)
	return c.read()
}

func (c *client) send(format string, args ...any) {
	c.t.Helper()
	_ = c.nc.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if err := c.text.PrintfLine(format, args...); err != nil {
		c.t.Fatalf("send %q: %v", format, err)
	}
}

// read waits for the next reply, at most 30 s. A closed connection is the reply with code 0.
func (c *client) read() reply {
	c.t.Helper()
	return c.readUntil(time.Now().Add(30 * time.Second))
}

func (c *client) readUntil(deadline time.Time) reply {
	c.t.Helper()
	_ = c.nc.SetReadDeadline(deadline)
	code, text, err := c.text.ReadResponse(0)
	switch {
	case errors.Is(err, io.EOF):
		return reply{0, "connection closed"}
	case err != nil:
		c.t.Fatalf("read a reply: %v", err)
	}
	return reply{code, text}
}

var epsv = regexp.MustCompile(`\(\|\|\|(\d+)\|\)`)

// passive opens a data connection with EPSV.
func (c *client) passive() *net.TCPConn {
	c.t.Helper()
	got := c.cmd("EPSV")
	port := epsv.FindStringSubmatch(got.text)
	if got.code != 229 || port == nil {
		c.t.Fatalf("EPSV: got %v, want 229 with a port", got)
	}
	n, _ := strconv.Atoi(port[1])
	server := c.nc.RemoteAddr().(*net.TCPAddr)
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(lab.ClientAddr)}, Timeout: 5 * time.Second}
	data, err := d.DialContext(c.t.Context(), "tcp", (&net.TCPAddr{IP: server.IP, Port: n}).String())
	if err != nil {
		c.t.Fatalf("data connection: %v", err)
	}
	c.t.Cleanup(func() { _ = data.Close() })
	return data.(*net.TCPConn)
}

// download runs a command that sends something here and returns that and the final reply. When the command is refused
// at once, its reply is the final one.
func (c *client) download(format string, args ...any) ([]byte, reply) {
	c.t.Helper()
	data := c.passive()
	defer func() { _ = data.Close() }()
	if got := c.cmd(format, args...); got.code/100 != 1 {
		return nil, got
	}
	_ = data.SetReadDeadline(time.Now().Add(30 * time.Second))
	content, err := io.ReadAll(data)
	if err != nil {
		c.t.Logf("data connection: %v", err)
	}
	_ = data.Close()
	return content, c.read()
}

// upload runs a command that takes content and returns the final reply.
func (c *client) upload(content []byte, format string, args ...any) reply {
	c.t.Helper()
	data := c.passive()
	defer func() { _ = data.Close() }()
	if got := c.cmd(format, args...); got.code/100 != 1 {
		return got
	}
	_ = data.SetWriteDeadline(time.Now().Add(30 * time.Second))
	if _, err := data.Write(content); err != nil {
		c.t.Logf("data connection: %v", err)
	}
	_ = data.Close()
	return c.read()
}
