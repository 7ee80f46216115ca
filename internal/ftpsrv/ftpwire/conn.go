package ftpwire

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// lingerFor bounds how long Close waits for the client to close its side,
// lingerOctets how much it reads meanwhile, and lastWords how long the client may
// take for a reply after Hurry.
const (
	lingerFor    = time.Second
	lingerOctets = 64 << 10
	lastWords    = time.Second
)

// Conn is one control connection. One goroutine reads and another writes.
type Conn struct {
	raw          net.Conn // the TCP connection
	nc           net.Conn // raw, or TLS on it
	lines        *lineReader
	out          []byte
	writeTimeout time.Duration
	closed       atomic.Bool
	hurried      atomic.Bool
}

// NewConn takes over nc. A command line may have limit octets with its CRLF; a
// reply that the client does not take within writeTimeout is an error.
func NewConn(nc net.Conn, limit int, writeTimeout time.Duration) *Conn {
	inlineUrgentData(nc)
	nc = observe(nc)
	return &Conn{raw: nc, nc: nc, lines: newLineReader(nc, limit), writeTimeout: writeTimeout}
}

// ReadCommand returns the client's next command. The command's Octets are set
// also beside ErrBareLF and ErrTooLong; io.EOF is the client's orderly end, and
// a line that the end cuts short is never returned.
func (c *Conn) ReadCommand() (Command, error) {
	line, octets, err := c.lines.read()
	if err != nil {
		if c.closed.Load() && !errors.Is(err, io.EOF) {
			err = net.ErrClosed
		}
		return Command{Octets: octets}, err
	}
	cmd := ParseCommand(line)
	cmd.Octets = octets
	return cmd, nil
}

// WriteReply sends r and returns its octets on the wire.
func (c *Conn) WriteReply(r Reply) (int, error) {
	c.out = r.AppendTo(c.out[:0])
	if err := c.nc.SetWriteDeadline(time.Now().Add(c.writeTimeout)); err != nil {
		return 0, err
	}
	if c.hurried.Load() { // looked at after the deadline was set: Hurry goes the other way
		c.Hurry()
	}
	return c.nc.Write(c.out)
}

// Hurry gives a pending reply, and each later one, a second to be taken. It may be
// called from any goroutine.
func (c *Conn) Hurry() {
	c.hurried.Store(true)
	_ = c.raw.SetWriteDeadline(time.Now().Add(min(lastWords, c.writeTimeout)))
}

// Raw returns the TCP connection below.
func (c *Conn) Raw() net.Conn { return c.raw }

// Pending reports whether octets behind the last line have been read with it, which
// Switch would lose. ReadCommand must not be running.
func (c *Conn) Pending() bool { return c.lines.br.Buffered() > 0 }

// Switch goes on with another stream on the same TCP connection, such as TLS.
// ReadCommand must not be running.
func (c *Conn) Switch(nc net.Conn) {
	c.nc, c.lines = nc, newLineReader(nc, c.lines.limit)
}

// Interrupt makes a pending and every later ReadCommand return.
func (c *Conn) Interrupt() {
	c.closed.Store(true)
	_ = c.raw.SetReadDeadline(time.Unix(1, 0))
}

// Close ends the connection so that the last reply arrives: closing a socket with
// unread octets sends a reset, which would take the reply back. ReadCommand must
// not be running.
func (c *Conn) Close() error {
	c.closed.Store(true)
	if half, ok := c.nc.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = c.nc.SetReadDeadline(time.Now().Add(lingerFor))
		_, _ = io.CopyN(io.Discard, c.nc, lingerOctets)
	}
	return c.nc.Close()
}
