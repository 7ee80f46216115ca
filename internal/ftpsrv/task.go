package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// task is work of a command that takes long and needs no data connection. It runs
// away from the owner, so that ABOR, QUIT and the client's end are served, and
// must not touch the connection's state. It ends soon after ctx does.
type task func(ctx context.Context) (ftpwire.Reply, error)

// answered is a task whose reply is known.
func answered(reply ftpwire.Reply) task {
	return func(context.Context) (ftpwire.Reply, error) { return reply, nil }
}

// undertake begins the task of a command.
func undertake(ctx context.Context, c *conn, cmd *command) step {
	do, err := cmd.task(ctx, c, c.cur.cmd.Arg)
	if err != nil {
		return c.answer(refused(err))
	}
	ctx, cancel := context.WithCancelCause(ctx)
	return step{start: &transfer{x: c.cur, task: do, ctx: ctx, cancel: cancel, gone: c.in.clientGone}}
}

// performed is the outcome of a task.
func performed(t *transfer, r result) outcome {
	switch {
	case r.err == nil:
		return ok(r.reply)
	case t.ctx.Err() != nil:
		out := refused(winerr.OperationAborted)
		out.substatus = cancelled(t.ctx, moving).substatus
		return out
	}
	return refused(r.err)
}
