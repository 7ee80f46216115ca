package ftpsrv

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// dispatch turns one line into a step.
func (c *conn) dispatch(ctx context.Context, l line) step {
	if c.sess.ansi {
		l.cmd.Arg = fromANSI(l.cmd.Arg)
	}
	c.cur = exchange{cmd: l.cmd, at: time.Now()}
	c.conduct.paused = l.paused
	if l.err != nil {
		return c.malformed(l.err)
	}
	c.srv.cfg.Log.Debug("command", "session", c.log.row.Session, "command", l.cmd)
	cmd, known := c.srv.table.find(l.cmd.Verb)
	if !cmd.has(keepsFrom) {
		c.sess.from = ""
	}
	if err := c.permit(cmd, known); err != nil {
		return c.answer(refused(err))
	}
	switch {
	case cmd.data != nil:
		return c.prepare(ctx, cmd)
	case cmd.task != nil && (cmd.run == nil || !blank(l.cmd.Arg)):
		return undertake(ctx, c, cmd)
	}
	reply, err := cmd.run(ctx, c, l.cmd.Arg)
	if err != nil {
		return c.answer(refused(err))
	}
	return c.answer(ok(reply))
}

// answer is the step of a command that is over; an empty reply comes later. A transfer
// that runs has its end, and its reply, before the session ends.
func (c *conn) answer(out outcome) step {
	if out.reply.Zero() {
		return step{}
	}
	return step{answers: []answer{{outcome: out, x: c.cur}}, end: c.conduct.over && c.job == nil}
}

// permit checks what the table demands.
func (c *conn) permit(cmd *command, known bool) error {
	if !known && !c.sess.loggedIn() {
		c.conduct.strike(&c.conduct.unknown, c.srv.cfg.Connections.MaxUnknownCommands)
	}
	switch {
	case !c.srv.cfg.Commands.allows(c.cur.cmd.Verb, cmd):
		return errFiltered
	case !known:
		return errUnknownVerb
	case !cmd.has(beforeLogin) && !c.sess.loggedIn():
		return errNotLoggedIn
	case cmd.has(needsArg) && blank(c.cur.cmd.Arg), cmd.has(noArg) && !blank(c.cur.cmd.Arg):
		return errParameters
	case !c.sess.may(cmd.is):
		return errUnauthorized
	}
	return policy(c, cmd)
}

// malformed answers a line that is no command.
func (c *conn) malformed(err error) step {
	if errors.Is(err, ftpwire.ErrBareLF) {
		return c.answer(errBareLF.outcome)
	}
	c.conduct.strike(&c.conduct.long, c.srv.cfg.Connections.MaxLongLines)
	c.conduct.over = c.conduct.over || errors.Is(err, ftpwire.ErrFlood)
	return c.answer(errTooLong.outcome)
}

// prepare begins what opens a transfer. Whatever can be known before the data
// connection is used fails there, without a preliminary reply.
func (c *conn) prepare(ctx context.Context, cmd *command) step {
	form := shapeOf(c)
	defer func() { c.sess.rest, c.sess.upTo = 0, 0 }()
	if err := c.sess.dataPolicy(c.srv.cfg.DataPolicy); err != nil {
		return c.answer(refused(err))
	}
	open, err := begins(c, cmd)
	if err != nil {
		return c.answer(refused(err))
	}
	// The transfer's context, so that an ABOR also ends what the storage does.
	ctx, cancel := context.WithCancelCause(ctx)
	return step{start: &transfer{
		x: c.cur, open: open, at: here(c), shape: form, ctx: ctx, cancel: cancel, in: c.in, tls: c.sess.dataTLS(),
	}}
}

// opened begins the transfer itself, now that the storage has opened what it is about.
// One that has been aborted meanwhile gets no preliminary reply.
func opened(c *conn, t *transfer, job dataJob) step {
	t.open, t.job = nil, job
	s := step{start: t}
	if t.ctx.Err() == nil {
		s.answers = []answer{{outcome: ok(preliminary(c, job)), x: t.x}}
	}
	return s
}

// unopened is the outcome of a transfer that has not begun. An ABOR also closes the
// data connection, which otherwise waits for the next one.
func unopened(c *conn, t *transfer, err error) outcome {
	if t.ctx.Err() == nil {
		return refused(err)
	}
	f := cancelled(t.ctx, opening)
	c.data.Abort(f.win32, f.substatus)
	return transferred(f, false)
}

// begins is what opens a transfer. One that nobody asked a data connection for opens and
// makes nothing; that its name is impossible, or its file ends before the restart
// offset, is told first.
func begins(c *conn, cmd *command) (opener, error) {
	arg, offset := c.cur.cmd.Arg, c.sess.rest
	switch {
	case c.data.Armed():
		return cmd.data(c, arg)
	case !cmd.has(needsArg):
		return nil, errNoData
	}
	if _, err := named(c.sess.cwd, arg); err != nil || offset == 0 || shapeOf(c).coded() {
		return nil, cmp.Or(err, error(errNoData))
	}
	return func(ctx context.Context, at *place) (dataJob, error) {
		info, err := at.file(ctx, arg)
		switch {
		case err == nil && offset > info.Size():
			err = winerr.HandleEOF
		case cmd.has(writes): // what is not there may be made
			err = nil
		}
		return dataJob{}, cmp.Or(err, error(errNoData))
	}, nil
}

// preliminary is the reply that opens a transfer: it tells the state of the data connection,
// not who opens it (behaviours 1.5 and 1.6).
func preliminary(c *conn, job dataJob) ftpwire.Reply {
	code, text := 150, "Opening ASCII mode data connection."
	switch {
	case c.data.Established():
		code, text = 125, "Data connection already open; Transfer starting."
	case c.sess.image:
		text = "Opening BINARY mode data connection."
	}
	if job.told != "" && !c.srv.cfg.IIS {
		text += " FILE: " + job.told
	}
	return ftpwire.NewReply(code, text)
}
