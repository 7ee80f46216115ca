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
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// dataJob is what a verb wants done on the data connection. Exactly one of send,
// recv and list is set.
type dataJob struct {
	send io.Reader
	recv io.Writer
	list func(io.Writer) error
	told string // the name that the client is to know of, STOU's
	// finish is called once, whatever happened, with the error of the move or
	// nil; what it returns decides the final reply. It closes, commits or aborts.
	finish func(err error) error
	// word is asked for a line before the final reply after a success; it may wait for
	// the storage.
	word func() string
}

// opener opens what a transfer is about, away from the owner, as a task does. A job
// without an error is finished, whatever comes of it.
type opener func(ctx context.Context, at *place) (dataJob, error)

// stage is where a fault of the data connection happened.
type stage uint8

const (
	opening  stage = iota + 1
	securing       // the TLS handshake
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
	errCrowded  = errors.New("the client's address has opened too many connections")
)

// transfer is one use of a data connection, or, with a task, work of another kind
// that may take long. The owner makes it and looks at its results; all else belongs to
// its own goroutine.
type transfer struct {
	x      exchange
	at     *place
	task   task
	open   opener // nil when job is opened
	job    dataJob
	shape  shape
	ctx    context.Context // a field, because the job was prepared with it
	cancel context.CancelCauseFunc
	in     *reader         // of the control connection
	tls    *ftptls.Session // protects the data connection; nil in clear text
	moved  atomic.Int64
	aborts []exchange // ABOR commands that wait for the end; the owner's
}

// result is how a transfer ended; the reply is that of a task, the job that of an
// opener.
type result struct {
	reply    ftpwire.Reply
	job      dataJob
	err      error
	word     string
	panicked bool
}

// limits are what a data connection must keep to.
type limits struct {
	idle    time.Duration // without an octet
	minRate int           // octets a second on average, asked for after one idle period
}

// prepare opens. What comes too late is closed again: nobody waits for it any more.
func (t *transfer) prepare() (dataJob, error) {
	job, err := t.open(t.ctx, t.at)
	if err == nil && t.ctx.Err() != nil {
		err = cancelled(t.ctx, opening)
		if job.finish != nil {
			err = job.finish(err)
		}
	}
	return job, err
}

// run opens the data connection, moves and finishes. The storage's last word comes before the data
// connection is let go, so a file that could not be stored is never a 226; the
// data connection's last word (FIN) need not have come (behaviour 1.4).
func (t *transfer) run(ch *dtp.Channel, lim limits) error {
	ctx := t.ctx
	raw, err := openData(ctx, ch)
	if err == nil {
		unblock := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
		m := &mover{ctx: ctx, raw: raw, dc: raw, gone: t.in.clientGone, limits: lim, moved: &t.moved, shape: t.shape}
		if t.tls != nil {
			err = m.protect(t.tls)
		}
		if err == nil && t.shape.deflate != nil {
			m.dc = t.shape.deflate.on(m)
		}
		if err == nil {
			err = m.move(t.job)
		}
		if err == nil && m.dc != net.Conn(raw) {
			err = m.bid(t.job)
		}
		unblock()
	}
	if err == nil && t.job.recv != nil {
		err = t.whole()
	}
	if t.job.finish != nil {
		err = t.job.finish(err)
	}
	switch code, subStatus := dataStatus(err); {
	case err == nil:
		ch.Release()
	case patient(err):
		ch.Dismiss(code, subStatus)
	default:
		ch.Abort(code, subStatus)
	}
	return err
}

// whole is the last look at an upload that has ended orderly. A client that died closes
// all its sockets at once, and its half of a file would look like a whole one; so would
// what was given up by an ABOR that has not been seen yet.
func (t *transfer) whole() error {
	t.in.settle()
	if t.in.clientGone() || t.ctx.Err() != nil {
		return cancelled(t.ctx, moving)
	}
	return nil
}

// patient reports whether the client can read the reply only if its data connection
// is not reset: TLS has told that it is not the session's, or has ended too early.
func patient(err error) bool {
	var f *fault
	return errors.As(err, &f) && (errors.Is(f.err, ftptls.ErrForeign) || errors.Is(f.err, ftptls.ErrNotResumed) ||
		errors.Is(f.err, ftptls.ErrOtherCert) || errors.Is(f.err, ftptls.ErrTruncated) || f.stage == securing && errors.Is(f.err, io.EOF))
}

// openData waits for the data connection.
func openData(ctx context.Context, ch *dtp.Channel) (*net.TCPConn, error) {
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
	raw  *net.TCPConn
	dc   net.Conn    // raw, or TLS on it
	gone func() bool // the control connection has ended, which ctx may not tell yet
	limits
	moved *atomic.Int64
	shape shape
	wired int64         // octets on the wire, TLS's own among them
	busy  time.Duration // spent on the data connection; what a storage takes is not the client's fault
}

func (m *mover) move(job dataJob) error {
	switch {
	case job.list != nil:
		err := job.list(m)
		if err != nil && m.ctx.Err() != nil {
			return cancelled(m.ctx, moving) // whichever word the storage has for it
		}
		return err
	case job.recv != nil && m.shape.coded():
		return m.store(job)
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

func (m *mover) send(p []byte) (int, error) {
	if m.dc != net.Conn(m.raw) {
		n, err := m.dc.Write(p)
		return n, broken(err)
	}
	n, err := m.timed(func() (int64, error) {
		n, err := m.raw.Write(p)
		return int64(n), err
	})
	return int(n), err
}

func (m *mover) receive(p []byte) (int, error) {
	if m.dc != net.Conn(m.raw) {
		n, err := m.dc.Read(p)
		return n, broken(err)
	}
	n, err := m.timed(func() (int64, error) {
		n, err := m.raw.Read(p)
		return int64(n), err
	})
	return int(n), err
}

// errGoOn says that a deadline has passed within the limits; the use may be repeated
// from where it was.
var errGoOn = errors.New("slow, but within the limits")

// timed is one use of the data connection, with a deadline and a clock of its own.
// The count of the use stays true when its deadline passes, so both limits are judged
// from progress. The error is errGoOn, a fault, or the use's own.
func (m *mover) timed(use func() (int64, error)) (int64, error) {
	// The deadline first, then the look at the context: a cancellation in
	// between puts the deadline into the past for good.
	if err := m.raw.SetDeadline(time.Now().Add(m.idle)); err != nil {
		return 0, err
	}
	if m.ctx.Err() != nil || m.gone() {
		return 0, cancelled(m.ctx, moving)
	}
	queued := unacknowledged(m.raw)
	start := time.Now()
	n, err := use()
	m.busy += time.Since(start)
	m.wired += n
	switch {
	case err != nil && m.ctx.Err() != nil:
		return n, cancelled(m.ctx, moving)
	case err != nil && !late(err):
		return n, err
	case err != nil && n == 0 && unacknowledged(m.raw) >= queued:
		// Nothing went into the system's buffer, and nothing left it: a
		// full buffer takes no more until a good part of it is free.
		return n, &fault{stage: moving, win32: winerr.SemTimeout, substatus: subDataTimeout, err: err}
	case m.tooSlow():
		return n, &fault{stage: moving, win32: winerr.SemTimeout, substatus: subTooSlow, err: os.ErrDeadlineExceeded}
	case err != nil:
		return n, errGoOn
	}
	return n, nil
}

// pump is the only copy loop: it repeats a chunk until that ends with io.EOF.
func (m *mover) pump(next chunk) error {
	for {
		n, err := next()
		m.moved.Add(n)
		switch {
		case err == nil && m.ctx.Err() != nil:
			return cancelled(m.ctx, moving)
		case err == nil, errors.Is(err, errGoOn):
		case errors.Is(err, io.EOF):
			return nil
		case m.ctx.Err() != nil:
			return cancelled(m.ctx, moving)
		default:
			return blame(err)
		}
	}
}

// tooSlow goes by the octets of the file where these are more than went over the
// wire: what compresses well takes few.
func (m *mover) tooSlow() bool {
	octets := max(m.wired, m.moved.Load())
	return m.busy >= m.idle && m.minRate > 0 && float64(octets) < float64(m.minRate)*m.busy.Seconds()
}

// unacknowledged is how many octets the client's system has not confirmed yet, 0
// where that is not known.
func unacknowledged(raw *net.TCPConn) int {
	n, _ := dtp.Unsent(raw)
	return n
}

// late reports whether the data connection's deadline passed.
func late(err error) bool {
	var s *storageError
	return !errors.As(err, &s) && errors.Is(err, os.ErrDeadlineExceeded)
}
