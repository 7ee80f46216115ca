package dtp

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// catchUp bounds the wait for a goroutine of ours that the kernel has already
// given its connection. It is long, since that goroutine is sure to come: only a
// machine with far too much to do gets near it.
const catchUp = 2 * time.Second

// listener accepts by hand instead of through net.TCPListener, so that "a
// client is there" can be asked without a gap between the kernel's queue and
// the goroutine that takes from it: 125 or 150 hangs on the answer.
type listener struct {
	file *os.File
	raw  syscall.RawConn

	mu    sync.Mutex
	taken bool // accept has taken a connection out of the queue
}

// backlog holds the rightful client, and strangers who come before it.
const backlog = 16

func listen(addr netip.AddrPort) (*listener, error) {
	fd, err := newSocket(addr.Addr())
	if err != nil {
		return nil, err
	}
	// A port whose last connection lies in TIME-WAIT is free for the next.
	err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err == nil {
		err = bind(fd, addr)
	}
	if err == nil {
		err = os.NewSyscallError("listen", unix.Listen(fd, backlog))
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "data listener")
	raw, err := file.SyscallConn()
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return &listener{file: file, raw: raw}, nil
}

// accept also tells who has come: of a connection that the client has reset since, the
// socket itself no longer knows.
func (l *listener) accept() (*net.TCPConn, netip.Addr, error) {
	fd, from, err := -1, unix.Sockaddr(nil), error(nil)
	waitErr := l.raw.Read(func(s uintptr) bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		for {
			fd, from, err = unix.Accept4(int(s), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
			if !errors.Is(err, unix.EINTR) && !errors.Is(err, unix.ECONNABORTED) {
				break
			}
		}
		l.taken = err == nil
		return !errors.Is(err, unix.EAGAIN)
	})
	if waitErr != nil {
		return nil, netip.Addr{}, waitErr
	}
	if err != nil {
		return nil, netip.Addr{}, os.NewSyscallError("accept", err)
	}
	conn, err := tcpConn(os.NewFile(uintptr(fd), "data connection"))
	return conn, hostOf(from), err
}

// hostOf is the address of a socket's other end. A zone is not told.
func hostOf(sa unix.Sockaddr) netip.Addr {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrFrom4(sa.Addr)
	case *unix.SockaddrInet6:
		return netip.AddrFrom16(sa.Addr)
	}
	return netip.Addr{}
}

// resume says that the connection taken was a stranger's.
func (l *listener) resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = false
}

func (l *listener) stop() { _ = l.file.Close() }

func (l *listener) pending() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.taken || readable(l.raw, unix.POLLIN)
}

// portTaken tells a port that another program has from other failures.
func portTaken(err error) bool { return errors.Is(err, unix.EADDRINUSE) }
