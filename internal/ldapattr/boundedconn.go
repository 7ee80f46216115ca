package ldapattr

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// boundedConn gives every write a deadline: go-ldap has one writer goroutine and
// sets none, so a peer that stops reading would block it for ever. Reads take
// the deadline of the request in progress, which channel.during sets.
type boundedConn struct {
	net.Conn
	timeout time.Duration
	patient atomic.Bool // octets that arrive renew the read deadline
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
	if n > 0 && c.patient.Load() {
		err = errors.Join(err, c.SetReadDeadline(time.Now().Add(c.timeout)))
	}
	return n, err
}
