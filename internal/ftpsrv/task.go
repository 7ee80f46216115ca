package ftpsrv

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// task is work of a command that may take long and needs no data connection, such as
// whatever asks the storage. It runs away from the owner, so that ABOR, STAT and the
// client's end are served, and must not touch the connection's state but for the
// place. It ends soon after ctx does, as far as the storage does.
type task func(ctx context.Context, at *place) (ftpwire.Reply, error)

// orderly is how long nothing overtakes a command that is not a transfer, so that
// commands sent together are answered in their order, STAT and ABOR among them. What
// takes longer is a storage that hangs, or a wait that a client may want to end.
const orderly = 250 * time.Millisecond

// answered is a task whose reply is known.
func answered(reply ftpwire.Reply) task {
	return func(context.Context, *place) (ftpwire.Reply, error) { return reply, nil }
}

// undertake begins the task of a command.
func undertake(ctx context.Context, c *conn, cmd *command) step {
	do, err := cmd.task(c, c.cur.cmd.Arg)
	if err != nil {
		return c.answer(refused(err))
	}
	ctx, cancel := context.WithCancelCause(ctx)
	return step{start: &transfer{x: c.cur, task: do, at: here(c), ctx: ctx, cancel: cancel, in: c.in}}
}

// performed is the outcome of a task, whose place becomes the session's.
func performed(c *conn, t *transfer, r result) outcome {
	switch {
	case r.err == nil:
		c.sess.cwd, c.sess.from = t.at.cwd, t.at.from
		return ok(r.reply)
	case t.ctx.Err() != nil:
		out := refused(winerr.OperationAborted)
		out.substatus = cancelled(t.ctx, moving).substatus
		return out
	}
	return refused(r.err)
}

// young is how long the job, if it is a task or opens what it will transfer, is not to
// be overtaken any more.
func (t *transfer) young() time.Duration {
	if t == nil || t.task == nil && t.open == nil {
		return 0
	}
	return time.Until(t.x.at.Add(orderly))
}
