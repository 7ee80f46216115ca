package ftpsrv

import (
	"context"
	"errors"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const defaultBanner = "Microsoft FTP Service"

// greet is the first step of a session.
func greet(c *conn) step {
	m := c.srv.cfg.Messages
	own := defaultBanner
	if m.SuppressDefaultBanner {
		own = ""
	}
	reply := ftpwire.NewReply(220, own)
	switch {
	case m.Banner != "" && m.SuppressDefaultBanner:
		reply = lines(220, expand(c, m.Banner))
	case m.Banner != "":
		reply = lines(220, own+"\n"+expand(c, m.Banner))
	}
	return step{answers: []answer{{outcome: ok(reply)}}}
}

// turnedAway is the only step of a connection that was not let in.
func turnedAway(c *conn, verdict admission.Verdict) step {
	if verdict == admission.Full {
		return full(c)
	}
	return farewell(ftpwire.NewReply(421, textStopped), winerr.AccessDenied, subAddressDenied)
}

// full ends a connection over the limit.
func full(c *conn) step {
	text := expand(c, c.srv.cfg.Messages.MaxClients)
	if text == "" {
		text = textFull
	}
	return farewell(lines(421, text), winerr.Success, subTooMany)
}

// stopped ends a session because the server ends.
func stopped() step {
	return farewell(ftpwire.NewReply(421, textStopped), winerr.ConnectionAborted, subStopping)
}

// cutOff ends a session whose context has ended; a client that is gone is told nothing.
func cutOff(ctx context.Context, c *conn) step {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errClientGone):
		return step{end: true}
	case errors.Is(cause, errPanicked):
		return step{end: true, win32: winerr.GenFailure}
	case errors.Is(cause, errCrowded):
		return full(c)
	}
	return stopped()
}

// timedOut ends a session that waited for its client for too long.
func timedOut(loggedIn bool) step {
	substatus := subControlTimeout
	if !loggedIn {
		substatus = subNewTimeout
	}
	return farewell(ftpwire.NewReply(421, textIdle), winerr.SemTimeout, substatus)
}

func farewell(reply ftpwire.Reply, win32 winerr.Code, substatus int) step {
	out := outcome{reply: reply, win32: win32, substatus: substatus}
	return step{answers: []answer{{outcome: out}}, end: true, win32: win32, substatus: substatus}
}

// deadline is when a session without a transfer has been idle for too long. Before
// login no command prolongs it.
func (c *conduct) deadline(limit Connections, loggedIn bool) time.Time {
	if !loggedIn {
		return c.opened.Add(limit.UnauthenticatedTimeout)
	}
	return c.active.Add(limit.ControlChannelTimeout)
}

// count adds up what variables of messages tell.
func (c *conduct) count(a answer, written int64) {
	c.sent += written
	if !a.reply.Preliminary() { // the command of a transfer is in both of its answers
		c.received += int64(a.x.cmd.Octets)
	}
	if a.upload {
		c.received += a.octets
	} else {
		c.sent += a.octets
	}
}

// strike counts something that a session may do a few times only. Text of other
// protocols is answered briefly, so that no part of it is taken for FTP.
func (c *conduct) strike(count *int, limit int) {
	*count++
	c.over = c.over || *count >= limit
}
