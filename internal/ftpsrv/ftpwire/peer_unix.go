//go:build unix && !linux

package ftpwire

import (
	"errors"
	"syscall"
)

// PeerClosed reports, without reading and from any goroutine, whether the client
// has ended its side and all that it sent before has been taken from the system.
func (c *Conn) PeerClosed() bool {
	_, ended := c.peek()
	return ended
}

// unread reports whether there are octets that have not been taken from the system.
func (c *Conn) unread() bool {
	octets, _ := c.peek()
	return octets
}

func (c *Conn) peek() (octets, ended bool) {
	sc, ok := c.raw.(syscall.Conn)
	if !ok {
		return false, false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false, true
	}
	err = raw.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		octets = n > 0 && err == nil
		ended = n == 0 && err == nil || errors.Is(err, syscall.ECONNRESET)
	})
	return octets, ended || err != nil
}
