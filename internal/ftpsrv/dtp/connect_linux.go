package dtp

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// connector is the source of a link that we connect. The system call is made by
// hand because net.Dialer tells nobody when the SYN has left (row 1.3).
type connector struct {
	file *os.File
	raw  syscall.RawConn
	err  error // connect failed at once

	mu      sync.Mutex
	stopped bool
	handing bool // the handshake is over, open turns file into a connection
}

// connect begins the handshake. When it returns without error the SYN is out.
func connect(local netip.Addr, remote netip.AddrPort, timeout time.Duration) (*connector, error) {
	fd, err := newSocket(remote.Addr())
	if err != nil {
		return nil, err
	}
	if local.IsValid() && !local.IsUnspecified() {
		// The kernel chooses the port in connect, where it knows which ones
		// are free for this client; older kernels choose in bind.
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
		err = bind(fd, netip.AddrPortFrom(local, 0))
	}
	var to unix.Sockaddr
	if err == nil {
		to, err = sockaddr(remote)
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	k := &connector{}
	switch err := unix.Connect(fd, to); err {
	case nil, unix.EINPROGRESS, unix.EINTR:
	default: // a refusal can come back before connect does
		k.err = os.NewSyscallError("connect", err)
	}
	k.file = os.NewFile(uintptr(fd), "data connection")
	if k.raw, err = k.file.SyscallConn(); err == nil {
		err = k.file.SetWriteDeadline(time.Now().Add(timeout))
	}
	if err != nil {
		_ = k.file.Close()
		return nil, err
	}
	return k, nil
}

func (k *connector) open() (*net.TCPConn, error) {
	err := k.err
	if err == nil {
		waitErr := k.raw.Write(func(fd uintptr) bool {
			var done bool
			done, err = connected(int(fd))
			return done
		})
		if err == nil {
			err = waitErr
		}
	}
	k.mu.Lock()
	if err == nil && k.stopped {
		err = net.ErrClosed
	}
	k.handing = err == nil
	k.mu.Unlock()
	if err != nil {
		_ = k.file.Close()
		return nil, err
	}
	return tcpConn(k.file)
}

// connected reports whether a handshake has ended, and how.
func connected(fd int) (bool, error) {
	code, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return true, os.NewSyscallError("getsockopt", err)
	}
	switch errno := unix.Errno(code); errno {
	case 0:
	case unix.EINPROGRESS, unix.EALREADY, unix.EINTR:
		return false, nil
	default:
		return true, os.NewSyscallError("connect", errno)
	}
	_, err = unix.Getpeername(fd) // no error and no peer: still on the way
	return err == nil, nil
}

// stop ends open, unless that has the connection already and hands it over.
func (k *connector) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stopped = true
	if !k.handing {
		_ = k.file.Close()
	}
}

func (k *connector) pending() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.handing || readable(k.raw, unix.POLLOUT)
}
