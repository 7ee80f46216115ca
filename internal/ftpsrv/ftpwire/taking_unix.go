//go:build unix

package ftpwire

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"
)

// taking is a TCP connection of which one can tell, from any goroutine, whether its
// reader is at work on octets that it has taken, or waits for more.
type taking struct {
	*net.TCPConn
	raw  syscall.RawConn
	busy atomic.Bool // set before octets leave the system, until there are no more to take
	take func(fd uintptr) bool
	into []byte // what take fills
	n    int
	err  error
}

// observe returns nc, as a taking where that can be.
func observe(nc net.Conn) net.Conn {
	tcp, ok := nc.(*net.TCPConn)
	if !ok {
		return nc
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nc
	}
	t := &taking{TCPConn: tcp, raw: raw}
	t.take = t.attempt
	return t
}

func (t *taking) Read(p []byte) (int, error) {
	t.into = p
	if err := t.raw.Read(t.take); err != nil {
		return 0, err
	}
	switch {
	case t.err != nil:
		return 0, &net.OpError{Op: "read", Net: "tcp", Source: t.LocalAddr(), Addr: t.RemoteAddr(), Err: t.err}
	case t.n == 0 && len(p) > 0:
		return 0, io.EOF
	}
	return t.n, nil
}

// attempt takes what there is; false is nothing yet.
func (t *taking) attempt(fd uintptr) bool {
	t.busy.Store(true)
	for {
		n, err := syscall.Read(int(fd), t.into)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			t.busy.Store(false)
			return false
		}
		t.n, t.err = max(n, 0), err
		return true
	}
}
