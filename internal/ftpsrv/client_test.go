package ftpsrv_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const patience = 30 * time.Second

// client speaks to a server by hand.
type client struct {
	t    testing.TB
	nc   *net.TCPConn
	r    *bufio.Reader
	host string
	pasv string // where the last 227 or 229 sends us
	ln   *net.TCPListener
	data *net.TCPConn
	tls  clientTLS
	// within is how soon the next line has to come; 0 is patience.
	within time.Duration
}

func dial(t testing.TB, addr string) *client {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return clientOn(t, nc.(*net.TCPConn))
}

// clientOn is a client on a connection that is open.
func clientOn(t testing.TB, nc *net.TCPConn) *client {
	c := &client{t: t, nc: nc, r: bufio.NewReader(nc)}
	c.host, _, _ = net.SplitHostPort(nc.RemoteAddr().String())
	t.Cleanup(c.close)
	return c
}

func (c *client) close() {
	_ = c.nc.Close()
	if c.data != nil {
		_ = c.data.Close()
	}
	if c.ln != nil {
		_ = c.ln.Close()
	}
}

func (c *client) send(text string) {
	c.t.Helper()
	_ = c.nc.SetWriteDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c.control(), text); err != nil {
		c.t.Fatalf("send %q: %v", text, err)
	}
}

var (
	form227 = regexp.MustCompile(`\((\d+),(\d+),(\d+),(\d+),(\d+),(\d+)\)`)
	form229 = regexp.MustCompile(`\(\|\|\|(\d+)\|\)`)
)

// line reads one line of a reply without its CRLF.
func (c *client) line() (string, error) {
	limit := patience
	if c.within > 0 {
		limit, c.within = c.within, 0
	}
	_ = c.nc.SetReadDeadline(time.Now().Add(limit))
	line, err := c.r.ReadString('\n')
	if err != nil {
		return line, err
	}
	if !strings.HasSuffix(line, "\r\n") {
		return line, fmt.Errorf("line %q does not end with CRLF", line)
	}
	line = strings.TrimSuffix(line, "\r\n")
	if m := form227.FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "227 ") {
		high, _ := strconv.Atoi(m[5])
		low, _ := strconv.Atoi(m[6])
		c.pasv = net.JoinHostPort(c.host, strconv.Itoa(high<<8|low))
	}
	if m := form229.FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "229 ") {
		c.pasv = net.JoinHostPort(c.host, m[1])
	}
	return line, nil
}

// reply reads a whole reply and returns its last line.
func (c *client) reply() string {
	c.t.Helper()
	for {
		line, err := c.line()
		if err != nil {
			c.t.Fatalf("read reply: %q, %v", line, err)
		}
		if len(line) >= 4 && line[3] == ' ' && line[0] >= '1' && line[0] <= '5' {
			return line
		}
	}
}

// cmd sends a command and checks the begin of its reply.
func (c *client) cmd(command, want string) string {
	c.t.Helper()
	c.send(command + "\r\n")
	return c.want(want)
}

func (c *client) want(want string) string {
	c.t.Helper()
	got := c.reply()
	if !strings.HasPrefix(got, want) {
		c.t.Fatalf("got reply %q, want %q", got, want)
	}
	return got
}

func (c *client) login() {
	c.t.Helper()
	c.want("220 ")
	c.cmd("USER alice", "331 ")
	c.cmd("PASS "+password, "230 ")
}

// connect opens the data connection that the last 227 or 229 offered.
func (c *client) connect() *net.TCPConn {
	c.t.Helper()
	nc, err := net.DialTimeout("tcp", c.pasv, patience)
	if err != nil {
		c.t.Fatal(err)
	}
	c.data, c.tls.data = nc.(*net.TCPConn), nil
	_ = c.data.SetDeadline(time.Now().Add(patience))
	return c.data
}

func (c *client) passive() *net.TCPConn {
	c.t.Helper()
	c.cmd("EPSV", "229 ")
	return c.connect()
}

// listen prepares for an active data connection and returns PORT's argument.
func (c *client) listen() (port, eprt string) {
	c.t.Helper()
	ln, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.ParseIP(c.host)})
	if err != nil {
		c.t.Fatal(err)
	}
	c.ln = ln
	n := ln.Addr().(*net.TCPAddr).Port
	family := 1
	if strings.Contains(c.host, ":") {
		family = 2
	}
	return fmt.Sprintf("%s,%d,%d", strings.ReplaceAll(c.host, ".", ","), n>>8, n&255), fmt.Sprintf("|%d|%s|%d|", family, c.host, n)
}

func (c *client) accept() {
	c.t.Helper()
	_ = c.ln.SetDeadline(time.Now().Add(patience))
	nc, err := c.ln.AcceptTCP()
	if err != nil {
		c.t.Fatal(err)
	}
	c.data, c.tls.data = nc, nil
	_ = c.data.SetDeadline(time.Now().Add(patience))
}

// retr downloads a file.
func (c *client) retr(name string) []byte {
	c.t.Helper()
	dc := c.passive()
	c.cmd("RETR "+name, "1")
	got, err := io.ReadAll(dc)
	if err != nil {
		c.t.Fatal(err)
	}
	_ = dc.Close()
	c.want("226 ")
	return got
}

// stor uploads a file and returns the final reply.
func (c *client) stor(name string, data []byte) string {
	c.t.Helper()
	dc := c.passive()
	c.cmd("STOR "+name, "1")
	if _, err := dc.Write(data); err != nil {
		c.t.Fatal(err)
	}
	_ = dc.Close()
	return c.reply()
}
