package ftpwire

import (
	"net"
	"sync/atomic"
)

// taking is a TCP connection of which one can tell, from any goroutine, whether its
// reader is at work on octets that it has taken. Winsock gives them to a read that is
// pending, whoever looks; the moment until its goroutine knows is not seen.
type taking struct {
	*net.TCPConn
	busy atomic.Bool
}

// observe returns nc, as a taking where that can be.
func observe(nc net.Conn) net.Conn {
	if tcp, ok := nc.(*net.TCPConn); ok {
		return &taking{TCPConn: tcp}
	}
	return nc
}

func (t *taking) Read(p []byte) (int, error) {
	t.busy.Store(false)
	n, err := t.TCPConn.Read(p)
	t.busy.Store(true)
	return n, err
}
