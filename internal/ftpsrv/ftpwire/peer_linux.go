package ftpwire

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// PeerClosed reports, without reading and from any goroutine, whether the client
// has ended its side. Lines that it sent before may not have been read yet.
func (c *Conn) PeerClosed() bool {
	sc, ok := c.raw.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return true
	}
	ended := false
	err = raw.Control(func(fd uintptr) {
		set := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
		n, err := unix.Poll(set, 0)
		ended = err == nil && n > 0
	})
	return ended || err != nil
}
