package ftpsrv

import (
	"context"
	"fmt"
	"net"
	"runtime/debug"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// finishGrace bounds how long the end of a session waits for its transfer to
// notice, before and again after the home is closed under it.
const finishGrace = 5 * time.Second

// conn is one control connection. All of it belongs to the owner goroutine; the
// parts that other goroutines reach (in, mail) see to that themselves.
type conn struct {
	srv     *Server
	wire    *ftpwire.Conn
	in      *reader
	data    *dtp.Channel
	mail    *mailbox
	log     *recorder
	sess    session
	conduct conduct
	cur     exchange    // the command that is being answered
	job     *transfer   // the transfer that is running, if any
	queue   queue       // what came while it was running
	clock   *time.Timer // of wait: one for the session
}

// conduct is what a connection has done that it may do a few times only, and the
// times that the idle limits are measured from.
type conduct struct {
	logins, unknown, long int
	sent, received        int64  // octets, those of data connections among them
	over                  bool   // the session ends after the next reply
	change                change // of the stream, due after the next reply
	paused                bool   // the reader has ended at a command that changes the stream
	opened, active        time.Time
	visit                 *admission.Visit // nil for a connection that was turned away
}

// exchange is one command on its way to its reply and its log row.
type exchange struct {
	cmd  ftpwire.Command
	at   time.Time
	path string // virtual path the command is about
}

// answer is a reply for an exchange.
type answer struct {
	outcome
	x      exchange
	octets int64 // moved on the data connection
	upload bool  // direction of the octets
}

// step is what one event asks of the loop.
type step struct {
	answers   []answer
	start     *transfer // begins when the answers are on the wire
	end       bool      // the session is over
	win32     winerr.Code
	substatus int // with win32, why it is over, for the row ControlChannelClosed
}

// serve is the owner: it turns events into steps and performs them until the
// session ends, whatever ends it: gone ends ctx. A panic ends this session and no
// other.
func (c *conn) serve(ctx context.Context, gone context.CancelCauseFunc, first step) {
	// A reply that the client does not take must not outlive the session.
	defer context.AfterFunc(ctx, c.wire.Hurry)()
	last := first
	defer func() {
		if p := recover(); p != nil {
			c.panicked(p)
			last = step{win32: winerr.GenFailure}
		}
		gone(net.ErrClosed)
		user := c.sess.name
		c.end()
		c.log.control(controlClosed, user, last.win32, last.substatus)
	}()
	c.log.control(controlOpened, "", winerr.Success, subNone)
	c.in.gone = gone
	if c.conduct.change == nil {
		go read(ctx, c)
	} else { // implicit TLS: before the first reply
		close(c.in.ended)
		c.conduct.paused = true
		if err := proceed(ctx, c); err != nil {
			last = step{win32: winerr.ConnectionAborted, substatus: subNoTLS}
			return
		}
	}
	for c.perform(last) {
		last = c.next(ctx)
	}
}

// perform writes the answers of a step, the only place where replies are written,
// and reports whether the session goes on.
func (c *conn) perform(s step) bool {
	if c.job == nil {
		c.readMail() // what a command did to the data connection comes before its own row
	}
	for _, a := range s.answers {
		n, err := c.wire.WriteReply(wording(c, a.outcome))
		if err != nil {
			c.srv.cfg.Log.Debug("reply not sent", "session", c.log.row.Session, "err", err)
			s.end = true
		}
		c.log.answer(a, c.sess.name, n)
		c.conduct.count(a, int64(n))
	}
	c.conduct.active = time.Now()
	if s.start != nil {
		c.begin(s.start)
	}
	return !s.end
}

// next waits for something to do.
func (c *conn) next(ctx context.Context) step {
	if err := proceed(ctx, c); err != nil {
		c.srv.cfg.Log.Debug("TLS on the control connection", "session", c.log.row.Session, "err", err)
		return step{end: true, win32: winerr.ConnectionAborted, substatus: subNoTLS}
	}
	for {
		if c.job == nil && c.srv.isDraining() {
			if ctx.Err() != nil { // the client was first
				return cutOff(ctx, c)
			}
			return stopped()
		}
		if len(c.queue) > 0 && (c.job == nil || parting(c) < 0) {
			return c.dispatch(ctx, c.queue.pop())
		}
		if s, ready := c.wait(ctx); ready {
			return s
		}
	}
}

// wait waits for one event and returns the step it makes, if it makes one.
func (c *conn) wait(ctx context.Context) (s step, ready bool) {
	lines, draining := c.in.lines, c.srv.draining
	full := len(c.queue) >= queueLimit || c.job != nil && len(c.job.aborts) >= queueLimit
	if c.in.full.Store(full); full {
		lines = nil
	}
	var idle, later <-chan time.Time
	if c.job == nil {
		c.clock.Reset(time.Until(c.conduct.deadline(c.srv.cfg.Connections, c.sess.loggedIn())))
		idle = c.clock.C
	} else {
		draining = nil // a transfer may end first
	}
	left := c.job.young()
	if left > 0 {
		lines = nil
	} else {
		left = parting(c)
	}
	if left > 0 { // there is a job, and so the clock is free
		c.clock.Reset(left)
		later = c.clock.C
	}
	select {
	case <-c.mail.ready:
		return c.readMail()
	case l := <-lines:
		defer c.in.open.Add(-1)
		if c.job != nil && !c.srv.table.urgent(l) {
			c.queue.push(l)
			return step{}, false
		}
		return c.dispatch(ctx, l), true
	case <-idle:
		return timedOut(c.sess.loggedIn()), true
	case <-draining:
		return step{}, false
	case <-later:
		return step{}, false
	case <-ctx.Done():
		return cutOff(ctx, c), true
	}
}

// readMail logs events of the data connection. When the transfer has ended it
// returns the step that says so.
func (c *conn) readMail() (s step, ended bool) {
	for _, l := range c.mail.take() {
		if l.done == nil {
			c.log.data(l.event, c.sess.name)
			continue
		}
		s, ended = c.finished(*l.done), true
	}
	return s, ended
}

// begin starts a transfer, or what opens it, in a goroutine of its own.
func (c *conn) begin(t *transfer) {
	c.job = t
	c.in.full.Store(false) // of the transfer before
	lim := limits{idle: c.srv.cfg.Connections.DataChannelTimeout, minRate: c.srv.cfg.Connections.MinBytesPerSecond}
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				c.panicked(p)
				c.data.Abort(winerr.GenFailure, subServerAborted)
				r.panicked = true
			}
			c.mail.post(letter{done: &r})
		}()
		switch {
		case t.task != nil:
			r.reply, r.err = t.task(t.ctx, t.at)
			return
		case t.open != nil:
			r.job, r.err = t.prepare()
			return
		}
		r.err = t.run(c.data, lim)
		if r.err == nil && t.job.word != nil {
			r.word = t.job.word()
		}
	}()
}

// finished answers a transfer that has ended, and the ABORs that waited for it. One
// that is opened goes on.
func (c *conn) finished(r result) step {
	t := c.job
	c.job = nil
	t.x.path = t.at.path
	if t.open != nil && r.err == nil && !r.panicked {
		return opened(c, t, r.job)
	}
	defer t.cancel(nil)
	if r.panicked {
		return step{end: true, win32: winerr.GenFailure}
	}
	if r.err != nil {
		c.srv.cfg.Log.Debug("transfer failed", "session", c.log.row.Session, "command", t.x.cmd, "err", r.err)
	}
	var out outcome
	switch {
	case t.task != nil:
		out = performed(c, t, r)
	case t.open != nil:
		out = unopened(c, t, r.err)
	default:
		out = transferred(r.err, t.job.list != nil)
		out.reply = before(out.reply, r.word)
	}
	s := step{answers: []answer{{outcome: out, x: t.x, octets: t.moved.Load(), upload: t.job.recv != nil}}}
	s.end = c.conduct.over // QUIT has been answered meanwhile
	for _, x := range t.aborts {
		s.answers = append(s.answers, answer{outcome: ok(done(226, x.cmd.Verb)), x: x})
	}
	return s
}

// end leaves nothing behind: no transfer, no reader, no data connection, no home.
func (c *conn) end() {
	c.awaitJob()
	if root := c.sess.logout(); root != nil {
		closeHome(c, root)
	}
	c.awaitJob() // a storage that hung has let go now
	c.data.Close()
	c.readMail()
	c.wire.Interrupt()
	<-c.in.ended
	c.clock.Stop()
	if err := c.wire.Close(); err != nil {
		c.srv.cfg.Log.Debug("control connection not closed", "session", c.log.row.Session, "err", err)
	}
}

// awaitJob waits a while for a transfer whose context has ended; its row is
// written although nobody reads the reply.
func (c *conn) awaitJob() {
	timer := time.NewTimer(finishGrace)
	defer timer.Stop()
	for c.job != nil {
		select {
		case <-c.mail.ready:
			s, _ := c.readMail()
			for _, a := range s.answers {
				c.log.answer(a, c.sess.name, 0)
			}
			if s.start != nil { // opened in the same moment
				c.begin(s.start)
			}
		case <-timer.C:
			return
		}
	}
}

// panicked logs a panic of any of the session's goroutines, with its stack.
func (c *conn) panicked(p any) {
	c.srv.cfg.Log.Error("panic in a session", "session", c.log.row.Session,
		"panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}
