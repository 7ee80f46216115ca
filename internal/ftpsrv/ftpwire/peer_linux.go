package ftpwire

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// PeerClosed reports, without reading and from any goroutine, whether the client
// has ended its side. Lines that it sent before may not have been read yet.
func (c *Conn) PeerClosed() bool { return c.poll(unix.POLLRDHUP) }

// unread reports whether there are octets, or the end, that have not been taken from the
// system.
func (c *Conn) unread() bool { return c.poll(unix.POLLIN) }

// poll reports whether one of the events has come, or the connection is over.
func (c *Conn) poll(events int16) bool {
	sc, ok := c.raw.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return true
	}
	come := false
	err = raw.Control(func(fd uintptr) {
		set := []unix.PollFd{{Fd: int32(fd), Events: events}}
		n, err := unix.Poll(set, 0)
		come = err == nil && n > 0
	})
	return come || err != nil
}
