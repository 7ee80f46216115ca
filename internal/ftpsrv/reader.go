package ftpsrv

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// line is one thing that the reader hands over: a command, or why there is none.
type line struct {
	cmd    ftpwire.Command
	err    error
	paused bool // the reader has stopped behind it, to go on when the stream has changed
}

// errClientGone is the cause of a context that ended with the control connection.
var errClientGone = errors.New("control connection closed by the client")

// reader is the reading half of a connection.
type reader struct {
	wire  *ftpwire.Conn
	table commandTable
	gone  context.CancelCauseFunc // told that the client is
	lines chan line
	ended chan struct{}
	open  atomic.Int32 // lines that are read and that the owner has not seen to
	last  atomic.Bool  // it has stopped by itself, at QUIT
	full  atomic.Bool  // the owner takes no more lines until its transfer ends
}

func newReader(wire *ftpwire.Conn, table commandTable) *reader {
	return &reader{wire: wire, table: table, lines: make(chan line), ended: make(chan struct{})}
}

// again is a reader that goes on where this one has stopped.
func (r *reader) again() *reader {
	next := newReader(r.wire, r.table)
	next.gone = r.gone
	return next
}

// clientGone reports, from any goroutine, whether the client has ended the control
// connection although it did not say QUIT. Where it has ended, it waits until what
// came before is read, as far as that will be: a QUIT may be among it.
func (r *reader) clientGone() bool {
	if r.last.Load() || !r.wire.PeerClosed() {
		return false
	}
	for !r.last.Load() && !r.full.Load() {
		select {
		case <-r.ended:
			return !r.last.Load()
		case <-time.After(time.Millisecond):
		}
	}
	return !r.last.Load()
}

// settleTime bounds how long the end of an upload waits for what its client has sent
// before on the control connection.
const settleTime = time.Second

// settle waits until the owner has seen to all that the client has sent, as far as that
// will be. A client that gives an upload up says ABOR and closes the data connection at
// once; by the order in which goroutines see that, half a file would be a whole one.
func (r *reader) settle() {
	limit := time.Now().Add(settleTime)
	for !r.last.Load() && !r.full.Load() && (r.wire.Waiting() || r.open.Load() > 0) && time.Now().Before(limit) {
		select {
		case <-r.ended:
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// run hands lines to the owner, one at a time, until the client is gone, the
// connection is over, or QUIT: nothing behind a QUIT is ever looked at, not even
// the end of the stream, so that a transfer before it may finish (RFC 959, 4.1.1).
// The end of the stream cancels what the session is doing. It also stops at a verb
// that changes the stream itself, such as AUTH.
func (r *reader) run(ctx context.Context) {
	defer close(r.ended)
	for {
		cmd, err := r.wire.ReadCommand()
		last := r.table.last(cmd)
		switch {
		case err == nil, errors.Is(err, ftpwire.ErrBareLF), errors.Is(err, ftpwire.ErrTooLong):
		case errors.Is(err, ftpwire.ErrFlood):
			last = true
		default:
			r.gone(errClientGone)
			return
		}
		if last {
			r.last.Store(true)
		}
		row, _ := r.table.find(cmd.Verb)
		r.open.Add(1)
		select {
		case r.lines <- line{cmd, err, row.has(pauses)}:
		case <-ctx.Done():
			return
		}
		if last || row.has(pauses) {
			return
		}
	}
}

// read is the goroutine of a connection's reader.
func read(ctx context.Context, c *conn) {
	in := c.in
	defer func() {
		if p := recover(); p != nil {
			c.panicked(p)
			in.gone(errPanicked)
		}
	}()
	in.run(ctx)
}
