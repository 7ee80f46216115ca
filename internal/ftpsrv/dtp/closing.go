package dtp

import (
	"errors"
	"net"
	"os"
	"time"
)

// look is how often draining looks at what is delivered and who waits.
const look = 100 * time.Millisecond

// drain closes a connection so that the client gets every byte: it half-closes,
// then throws away what comes in until the client has closed, too. A close with
// unread input, or a reset, could destroy what is under way to the client.
//
// A successor waits for that (row 1.7), but from the moment when all was delivered
// no longer than closeWait: then the connection is reset. While nobody waits it
// stays, for the Timeout of data connections, after which the system may have it.
// A client that keeps sending is reset.
func (l *link) drain(conn *net.TCPConn) {
	_ = conn.CloseWrite() // fails if the client has reset, which Read tells
	c := closing{link: l, conn: conn, start: time.Now()}
	every := min(look, l.ch.limits.closeWait)
	deadline := c.start.Add(every)
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
		case c.given(time.Now()):
			return
		}
		deadline = time.Now().Add(every)
	}
}

// closing is a connection whose client has not closed yet.
type closing struct {
	*link
	conn      *net.TCPConn
	start     time.Time
	delivered time.Time // since when nothing is left to deliver; zero while something is
}

// given lets go of the connection when it is time, and reports that.
func (c *closing) given(now time.Time) bool {
	left, known := Unsent(c.conn)
	switch {
	case left > 0:
		c.delivered = time.Time{}
	case c.delivered.IsZero():
		c.delivered = now
	}
	awaited := c.awaited.Load()
	switch {
	case awaited && !c.delivered.IsZero() && now.Sub(c.delivered) >= c.ch.limits.closeWait:
		if known {
			reset(c.conn)
			return true
		}
	case awaited, now.Sub(c.start) < c.ch.cfg.Timeout:
		return false
	}
	_ = c.conn.Close()
	return true
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
