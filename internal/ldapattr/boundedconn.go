package ldapattr

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// maxOctets bounds what one request may bring. A page of 1,000 users has about one
// megabyte; go-ldap gathers whatever comes until the peer says that it is done.
const maxOctets = 16 << 20

// errTooMuch ends a connection whose peer does not stop.
var errTooMuch = errors.New("the answer is too long")

// boundedConn gives every write a deadline: go-ldap has one writer goroutine and
// sets none, so a peer that stops reading would block it for ever. Reads take
// the deadline and the bound of the request in progress, which channel.during sets.
type boundedConn struct {
	net.Conn
	timeout time.Duration
	patient atomic.Bool  // octets that arrive renew the read deadline
	left    atomic.Int64 // octets that may still arrive
}

// Write writes p within the timeout.
func (c *boundedConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// Read reads into p and, for a patient request, allows the timeout anew.
func (c *boundedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.left.Add(-int64(n)) < 0 {
		return n, errTooMuch
	}
	if n > 0 && c.patient.Load() {
		err = errors.Join(err, c.SetReadDeadline(time.Now().Add(c.timeout)))
	}
	return n, err
}
