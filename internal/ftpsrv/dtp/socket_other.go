//go:build !linux

package dtp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// catchUp bounds the wait for a goroutine of ours that may already have been
// given its connection; the system is not asked.
const catchUp = 5 * time.Millisecond

type listener struct{ ln *net.TCPListener }

func listen(addr netip.AddrPort) (*listener, error) {
	// Not net.ListenConfig, which listens for multipath TCP.
	ln, err := net.ListenTCP(network(addr.Addr()), net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return nil, err
	}
	return &listener{ln}, nil
}

func (l *listener) accept() (*net.TCPConn, netip.Addr, error) {
	conn, err := l.ln.AcceptTCP()
	if err != nil {
		return nil, netip.Addr{}, err
	}
	return conn, remoteOf(conn).Addr(), nil
}

func (l *listener) resume()       {}
func (l *listener) stop()         { _ = l.ln.Close() }
func (l *listener) pending() bool { return true }

// portTaken tells a port that another program has from other failures; on
// Windows also WSAEADDRINUSE, and WSAEACCES for the ranges that it reserves.
func portTaken(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) ||
		errors.Is(err, syscall.Errno(10048)) || errors.Is(err, syscall.Errno(10013))
}

// connector is the source of a link that we connect.
type connector struct {
	result chan dialed
	cancel context.CancelFunc
}

type dialed struct {
	conn net.Conn
	err  error
}

// headStart is how long connect gives the system to send the SYN, after the
// socket was made.
const headStart = 20 * time.Millisecond

func connect(local netip.Addr, remote netip.AddrPort, timeout time.Duration) (*connector, error) {
	made := make(chan struct{}, 1)
	dialer := net.Dialer{Control: func(string, string, syscall.RawConn) error {
		made <- struct{}{}
		return nil
	}}
	if local.IsValid() && !local.IsUnspecified() {
		dialer.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(local, 0))
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	k := &connector{make(chan dialed, 1), cancel}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		conn, err := dialer.DialContext(ctx, network(remote.Addr()), remote.String())
		k.result <- dialed{conn, err}
	}()
	select {
	case <-made:
		select {
		case <-ended:
		case <-time.After(headStart):
		}
	case <-ended:
	}
	return k, nil
}

func (k *connector) open() (*net.TCPConn, error) {
	defer k.cancel()
	r := <-k.result
	if r.err != nil {
		return nil, r.err
	}
	tcp, ok := r.conn.(*net.TCPConn)
	if !ok {
		_ = r.conn.Close()
		return nil, net.UnknownNetworkError(r.conn.LocalAddr().Network())
	}
	return tcp, nil
}

func (k *connector) stop()         { k.cancel() }
func (k *connector) pending() bool { return true }

func network(addr netip.Addr) string {
	if addr.Is4() {
		return "tcp4"
	}
	return "tcp6"
}

// Unsent cannot be asked here.
func Unsent(*net.TCPConn) (n int, known bool) { return 0, false }
