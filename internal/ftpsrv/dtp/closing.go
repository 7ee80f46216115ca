package dtp

import (
	"errors"
	"net"
	"os"
	"time"
)

// retry is how often draining looks again at what is not delivered yet.
const retry = 100 * time.Millisecond

// drain closes a connection so that the client gets every byte: it half-closes,
// then throws away what comes in until the client has closed, too. A close with
// unread input, or a reset, could destroy what is under way to the client.
//
// After closeWait the connection is reset if a successor waits for it and all
// is delivered, else left to the system; a client that keeps sending is reset.
func (l *link) drain(conn *net.TCPConn) {
	_ = conn.CloseWrite() // fails if the client has reset, which Read tells
	start := time.Now()
	deadline := start.Add(l.ch.limits.closeWait)
	var buf [4096]byte
	for total := int64(0); ; {
		_ = conn.SetReadDeadline(deadline)
		if l.over.Load() { // looked at after the deadline was set: hurry sets them in this order
			_ = conn.Close()
			return
		}
		n, err := conn.Read(buf[:])
		total += int64(n)
		switch {
		case err == nil && total <= l.ch.limits.drain:
			continue
		case err == nil:
			reset(conn)
			return
		case l.over.Load() || !errors.Is(err, os.ErrDeadlineExceeded):
			_ = conn.Close()
			return
		}
		left, known := Unsent(conn)
		switch {
		case known && left > 0 && time.Since(start) < l.ch.cfg.Timeout:
			deadline = time.Now().Add(retry)
		case known && left == 0 && l.awaited.Load():
			reset(conn)
			return
		default:
			_ = conn.Close()
			return
		}
	}
}

// hurry ends draining at once.
func (l *link) hurry() {
	l.over.Store(true)
	l.ch.mu.Lock()
	conn := l.conn
	l.ch.mu.Unlock()
	if conn != nil {
		_ = conn.SetReadDeadline(time.Unix(1, 0))
	}
}

// reset closes with RST instead of FIN: nothing is delivered any more.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}
