package ftpsrv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// dataJob is what a verb wants done on the data connection. Exactly one of send,
// recv and list is set.
type dataJob struct {
	send io.Reader
	recv io.Writer
	list func(io.Writer) error
	// finish is called once, whatever happened, with the error of the move or
	// nil; what it returns decides the final reply. It closes, commits or aborts.
	finish func(err error) error
}

// stage is where a fault of the data connection happened.
type stage uint8

const (
	opening stage = iota + 1
	moving
)

// fault is a trouble of the data connection, as opposed to one of the storage.
type fault struct {
	stage     stage
	win32     winerr.Code
	substatus int   // for the row DataChannelClosed
	cause     error // errAborted, errClientGone, errPanicked or errStopping; nil where the connection itself failed
	err       error
}

// Error is for logs.
func (f *fault) Error() string {
	if f.cause != nil {
		return "data connection: " + f.cause.Error()
	}
	return fmt.Sprintf("data connection: %v", f.err)
}

// Why a context of a transfer ends, beside errClientGone.
var (
	errAborted  = errors.New("aborted by ABOR")
	errPanicked = errors.New("panic in the session")
	errStopping = errors.New("server is stopping")
)

// transfer is one use of a data connection. The owner makes it and looks at its
// result; all else belongs to its own goroutine.
type transfer struct {
	x      exchange
	job    dataJob
	ctx    context.Context // a field, because the job was prepared with it
	cancel context.CancelCauseFunc
	gone   func() bool // the control connection has ended
	moved  atomic.Int64
	aborts []exchange // ABOR commands that wait for the end; the owner's
}

// result is how a transfer ended.
type result struct {
	err      error
	panicked bool
}

// limits are what a data connection must keep to.
type limits struct {
	idle    time.Duration // without an octet
	minRate int           // octets a second on average, asked for after one idle period
}

// run opens, moves and finishes. The storage's last word comes before the data
// connection is let go, so a file that could not be stored is never a 226; the
// data connection's last word (FIN) need not have come (behaviour 1.4).
func (t *transfer) run(ch *dtp.Channel, lim limits) error {
	ctx := t.ctx
	dc, err := openData(ctx, ch)
	if err == nil {
		unblock := context.AfterFunc(ctx, func() { _ = dc.SetDeadline(time.Unix(1, 0)) })
		m := &mover{ctx: ctx, dc: dc, gone: t.gone, limits: lim, moved: &t.moved}
		err = m.move(t.job)
		unblock()
	}
	// A client that died closes all its sockets at once, and its half of a file
	// would look like a whole one.
	if err == nil && t.job.recv != nil && (ctx.Err() != nil || t.gone()) {
		err = cancelled(ctx, moving)
	}
	if t.job.finish != nil {
		err = t.job.finish(err)
	}
	if err == nil {
		ch.Release()
		return nil
	}
	ch.Abort(dataStatus(err))
	return err
}

// openData waits for the data connection. It is the place for its TLS handshake.
func openData(ctx context.Context, ch *dtp.Channel) (net.Conn, error) {
	dc, err := ch.Acquire(ctx)
	switch {
	case err == nil:
		return dc, nil
	case ctx.Err() != nil:
		return nil, cancelled(ctx, opening)
	}
	return nil, &fault{stage: opening, win32: winerr.Of(err), err: err}
}

// cancelled is the fault of a transfer that was told to end.
func cancelled(ctx context.Context, at stage) *fault {
	f := &fault{stage: at, win32: winerr.ConnectionAborted, cause: context.Cause(ctx)}
	switch {
	case errors.Is(f.cause, errAborted):
		f.substatus = subAborted
	case errors.Is(f.cause, errClientGone), f.cause == nil:
		f.win32, f.cause = winerr.NetNameDeleted, errClientGone
	case errors.Is(f.cause, errPanicked):
		f.win32, f.substatus = winerr.GenFailure, subServerAborted
	default:
		f.substatus = subStopping
	}
	return f
}

// dataStatus is what the row DataChannelClosed shows of err.
func dataStatus(err error) (winerr.Code, int) {
	var f *fault
	if errors.As(err, &f) {
		return f.win32, f.substatus
	}
	return winerr.Of(err), subServerAborted
}

// mover moves the octets of one transfer.
type mover struct {
	ctx  context.Context // of the transfer; a field, because Write has none
	dc   net.Conn
	gone func() bool // the control connection has ended, which ctx may not tell yet
	limits
	moved  *atomic.Int64
	busy   time.Duration // spent on the data connection; what a storage takes is not the client's fault
	queued int           // not acknowledged by the client's system before the latest use
}

func (m *mover) move(job dataJob) error {
	switch {
	case job.list != nil:
		err := job.list(m)
		if err != nil && m.ctx.Err() != nil {
			return cancelled(m.ctx, moving) // whichever word the storage has for it
		}
		return err
	case job.send != nil && inKernel(m.dc, job.send):
		return m.pump(direct(m, m.dc, job.send))
	case job.recv != nil && takes(job.recv, m.dc):
		return m.pump(direct(m, job.recv, m.dc))
	}
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	if job.send != nil {
		return m.pump(outgoing(m.send, fromReader(job.send, *buf)))
	}
	return m.pump(incoming(job.recv, m.receive, *buf))
}

// Write sends a piece of a listing through the one loop.
func (m *mover) Write(p []byte) (int, error) {
	before := m.moved.Load()
	err := m.pump(outgoing(m.send, once(p)))
	return int(m.moved.Load() - before), err
}

func (m *mover) send(p []byte) (n int, err error) {
	err = m.timed(func() (err error) {
		n, err = m.dc.Write(p)
		return err
	})
	return n, err
}

func (m *mover) receive(p []byte) (n int, err error) {
	err = m.timed(func() (err error) {
		n, err = m.dc.Read(p)
		return err
	})
	return n, err
}

// timed is one use of the data connection, with a deadline and a clock of its own.
func (m *mover) timed(use func() error) error {
	// The deadline first, then the look at the context: a cancellation in
	// between puts the deadline into the past for good.
	if err := m.dc.SetDeadline(time.Now().Add(m.idle)); err != nil {
		return err
	}
	if m.ctx.Err() != nil || m.gone() {
		return cancelled(m.ctx, moving)
	}
	m.queued = unacknowledged(m.dc)
	start := time.Now()
	err := use()
	m.busy += time.Since(start)
	return err
}

// pump is the only copy loop: it repeats a chunk until that ends with io.EOF. The
// chunk's count stays true when its deadline passes, so both limits are judged from
// progress.
func (m *mover) pump(next chunk) error {
	for {
		n, err := next()
		m.moved.Add(n)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil:
		case m.ctx.Err() != nil:
			return cancelled(m.ctx, moving)
		case !late(err):
			return blame(err)
		case n == 0 && unacknowledged(m.dc) >= m.queued:
			// Nothing went into the system's buffer, and nothing left it: a
			// full buffer takes no more until a good part of it is free.
			return &fault{stage: moving, win32: winerr.SemTimeout, substatus: subDataTimeout, err: err}
		}
		if m.tooSlow() {
			return &fault{stage: moving, win32: winerr.SemTimeout, substatus: subTooSlow, err: os.ErrDeadlineExceeded}
		}
	}
}

func (m *mover) tooSlow() bool {
	return m.busy >= m.idle && m.minRate > 0 && float64(m.moved.Load()) < float64(m.minRate)*m.busy.Seconds()
}

// unacknowledged is how many octets the client's system has not confirmed yet, 0
// where that is not known.
func unacknowledged(dc net.Conn) int {
	if bare, ok := dc.(*net.TCPConn); ok {
		n, _ := dtp.Unsent(bare)
		return n
	}
	return 0
}

// late reports whether the data connection's deadline passed.
func late(err error) bool {
	var s *storageError
	return !errors.As(err, &s) && errors.Is(err, os.ErrDeadlineExceeded)
}
