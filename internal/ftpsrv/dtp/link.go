package dtp

import (
	"net"
	"net/netip"
	"sync/atomic"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// source is how a link comes up: by accepting or by connecting.
type source interface {
	// open blocks until the connection is up, has failed, or stop is called.
	open() (*net.TCPConn, error)
	stop()
	// pending reports that the handshake has ended and open will return soon.
	pending() bool
}

type state uint8

const (
	opening state = iota
	ready
	failed
	inUse
	gone // closing, closed or given up
)

// ending is how the goroutine of a link lets go of its connection.
type ending uint8

const (
	gently ending = iota // half-close, drain, close
	now                  // was or is to be reset
)

// link is one data connection, from PASV or PORT to the end of its close.
type link struct {
	ch      *Channel
	src     source         // nil where no connection is attempted (row 1.10)
	port    uint16         // to give back to the pool, 0 for active ones
	refused netip.AddrPort // the privileged port that PORT named

	up   chan struct{} // closed when conn and err are final
	end  chan ending   // takes one value, sent when a connection is to be closed
	done chan struct{} // closed when socket, port and goroutine are gone

	awaited atomic.Bool // a successor waits for done
	over    atomic.Bool // the session has ended: do not linger

	// Guarded by ch.mu.
	state state
	conn  *net.TCPConn
	err   error
}

func newLink(c *Channel, src source, port uint16) *link {
	return &link{
		ch: c, src: src, port: port,
		up:   make(chan struct{}),
		end:  make(chan ending, 1),
		done: make(chan struct{}),
	}
}

// run is the goroutine of a link. It owns the connection until publish hands it
// over, and again from the ending on.
func (l *link) run() {
	defer close(l.done)
	if l.port != 0 {
		defer l.ch.cfg.Ports.release(l.port)
	}
	var conn *net.TCPConn
	if l.ch.cfg.OnPanic != nil {
		defer func() {
			if p := recover(); p != nil {
				l.fail(conn, p)
			}
		}()
	}
	conn, err := l.src.open()
	if conn != nil {
		if !l.ch.is(l, opening) {
			reset(conn)
			return
		}
		// The row is written when the client connects, which may be before
		// the transfer command.
		l.ch.cfg.emit(Opened, conn, winerr.Success, 0)
		// A port of 0 is one that the system has forgotten, since the client has
		// reset the connection.
		if from := remoteOf(conn).Port(); l.port != 0 && from != 0 && from < l.ch.limits.lowPort {
			reset(conn)
			l.ch.cfg.emit(Closed, conn, winerr.ConnectionAborted, addressMismatch)
			conn, err = nil, winerr.ConnectionAborted
		}
	}
	if !l.publish(conn, err) {
		if conn != nil {
			reset(conn)
			l.ch.cfg.emit(Closed, conn, winerr.Success, 0)
		}
		return
	}
	if conn == nil {
		return
	}
	if <-l.end == gently {
		l.drain(conn)
		return
	}
	reset(conn)
}

// fail lets go of a connection whose goroutine has panicked.
func (l *link) fail(conn *net.TCPConn, p any) {
	if conn != nil {
		reset(conn)
	}
	l.publish(nil, winerr.GenFailure)
	l.ch.cfg.OnPanic(p)
}

// publish makes the outcome of opening known. It reports false when nobody
// wants it any more.
func (l *link) publish(conn *net.TCPConn, err error) bool {
	l.ch.mu.Lock()
	defer l.ch.mu.Unlock()
	if l.state != opening {
		return false
	}
	l.state, l.conn, l.err = ready, conn, err
	if err != nil {
		l.state = failed
	}
	close(l.up)
	return true
}

// settled reports that nothing is left of a link.
func (l *link) settled() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// retire takes a link out of use; ch.mu is held. What it returns is the
// connection whose Closed event the caller owes, or nil.
func (l *link) retire(how ending) *net.TCPConn {
	was := l.state
	l.state = gone
	switch was {
	case opening:
		l.src.stop()
	case ready, inUse:
		l.end <- how
		return l.conn
	}
	return nil
}
