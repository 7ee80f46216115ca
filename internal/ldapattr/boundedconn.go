package ldapattr

import (
	"net"
	"time"
)

// boundedConn gives every write a deadline: go-ldap has one writer goroutine and
// sets none, so a peer that stops reading would block it for ever. Reads take
// the deadline of the request in progress, which link and bindConn set.
type boundedConn struct {
	net.Conn
	timeout time.Duration
}

// Write writes p within the timeout.
func (c *boundedConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
