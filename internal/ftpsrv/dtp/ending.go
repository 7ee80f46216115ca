package dtp

import (
	"net"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Release ends the use of an acquired connection whose transfer is over. The
// Closed event is out when it returns; half-close, draining and close follow in
// the background, so that 226 need not wait for them (row 1.4). The caller must
// not touch the connection again. Without an acquired connection it does
// nothing.
func (c *Channel) Release() { c.Dismiss(winerr.Success, 0) }

// Dismiss is Release after a refusal: the Closed event has code and sub-status. What
// the client still sends is thrown away, within limits, so that it reads the reply
// instead of finding its connection reset.
func (c *Channel) Dismiss(code winerr.Code, subStatus int) {
	if conn := c.finish(gently); conn != nil {
		c.cfg.emit(Closed, conn, code, subStatus)
	}
}

func (c *Channel) finish(how ending) *net.TCPConn {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.cur
	if l == nil || l.state != inUse {
		return nil
	}
	c.cur, c.old = nil, l
	return l.retire(how)
}

// Abort resets the connection now, in use or not, and gives up what is armed. A
// connection that was open gets its Closed event with code and sub-status.
func (c *Channel) Abort(code winerr.Code, subStatus int) {
	c.mu.Lock()
	l := c.cur
	c.mu.Unlock()
	if l != nil {
		c.drop(l, code, subStatus)
	}
}

// drop gives up l, unless another has taken its place meanwhile.
func (c *Channel) drop(l *link, code winerr.Code, subStatus int) {
	c.mu.Lock()
	var conn *net.TCPConn
	if c.cur == l {
		c.cur, c.old = nil, l
		conn = l.retire(now)
	}
	c.mu.Unlock()
	if conn != nil {
		reset(conn)
		c.cfg.emit(Closed, conn, code, subStatus)
	}
}

// Close ends the channel with its session: listener, sockets and goroutines are
// gone and the port is back in the pool when it returns. A connection in use is
// reset. One that Release left is closed without waiting for the client; what
// it still has to deliver stays with the system.
func (c *Channel) Close() {
	c.mu.Lock()
	c.closed = true
	cur, old := c.cur, c.old
	c.mu.Unlock()
	if cur != nil {
		c.drop(cur, winerr.ConnectionAborted, serverAborted)
	}
	for _, l := range []*link{cur, old} {
		if l != nil {
			l.hurry() // also what Release made of it meanwhile
			<-l.done
		}
	}
}
