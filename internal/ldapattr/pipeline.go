package ldapattr

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	inFlight  = 64   // modifies that wait for an answer
	maxWindow = 1024 // modifies after which all answers are waited for; bounds what one window may bring
)

// pipeline is modifies over one connection.
type pipeline struct {
	domain domain
	jobs   []*job
}

// job is one change on its way.
type job struct {
	user    User
	swaps   []swap
	outcome *Outcome
	refused error // a conflict, to be explained with the present values
	unmoved bool  // there is nothing to write: only to compare
}

// send sends all jobs until ctx ends or the connection fails, and waits for their
// answers until run ends.
func (p *pipeline) send(ctx, run context.Context, l *link) {
	for rest := p.jobs; len(rest) > 0; {
		n := min(len(rest), maxWindow)
		p.window(ctx, run, l, rest[:n])
		p.compare(run, l, rest[:n])
		rest = rest[n:]
	}
}

// window sends some jobs and waits for all answers to them. It takes as long as the
// domain controller goes on answering.
func (p *pipeline) window(ctx, run context.Context, l *link, jobs []*job) {
	l.raw.patient.Store(true)
	defer l.raw.patient.Store(false)
	_ = l.do(run, func(conn *ldap.Conn) error {
		conn.SetTimeout(0)
		queue := make(chan *job)
		var senders sync.WaitGroup
		var mu sync.Mutex
		var last error
		for range min(inFlight, len(jobs)) {
			senders.Go(func() {
				for j := range queue {
					if err := j.send(ctx, run, conn); err != nil {
						mu.Lock()
						last = err
						mu.Unlock()
					}
				}
			})
		}
		for _, j := range jobs {
			queue <- j
		}
		close(queue)
		senders.Wait()
		return last // each job has its own; this one says what the connection is worth
	})
}

// send sends one modify, unless it is too late for that, and reads the answer. The
// error says that the connection is of no more use.
func (j *job) send(ctx, run context.Context, conn *ldap.Conn) error {
	request := modifyOf(j.user, j.swaps)
	switch {
	case ctx.Err() != nil:
		j.outcome.Err = explain("change", j.user.DN, noAnswer(ctx, ctx.Err()))
		return nil
	case conn.IsClosing():
		j.outcome.Err = &Error{Kind: ErrUnreachable, Op: "change", Object: j.user.DN, Win32: winerr.NoLogonServers, Err: errNotSent}
		return nil
	case len(request.Changes) == 0:
		j.unmoved = true
		return nil
	}
	err := conn.Modify(request)
	switch {
	case err == nil:
		*j.outcome = Outcome{State: Done, Now: j.wanted()}
	case isNetwork(err):
		*j.outcome = Outcome{State: Unknown, Err: unanswered(j.user, noAnswer(run, err))}
		return err
	case isConflict(err):
		j.refused = err
	default:
		*j.outcome = Outcome{State: Refused, Err: explain("change", j.user.DN, err)}
	}
	if isUnfit(err) {
		return err
	}
	return nil
}

// errNotSent: others went before, and then the connection was gone.
var errNotSent = errors.New("the connection was lost before this change was sent")

// unanswered is the failure of a change that was sent.
func unanswered(u User, err error) error {
	explained := explain("change", u.DN, err)
	var e *Error
	if errors.As(explained, &e) {
		e.Hint = hintUndecided
	}
	return explained
}

// wanted is the user after the change.
func (j *job) wanted() User {
	u := j.user
	for _, s := range j.swaps {
		if s.attribute == homedir.AttrRoot {
			u.Root = s.want
		} else {
			u.Dir = s.want
		}
	}
	return u
}

// compare reads the present values of those that a conflict stopped, and of those
// for which there was nothing to write, over the same connection, hence from the same
// domain controller.
func (p *pipeline) compare(run context.Context, l *link, jobs []*job) {
	var open []*job
	for _, j := range jobs {
		if j.refused != nil || j.unmoved {
			open = append(open, j)
		}
	}
	// Wherever the user has been moved to.
	everywhere := p.domain
	everywhere.base, everywhere.info.BaseDN = p.domain.namingContext, p.domain.namingContext.String()
	for some := range slices.Chunk(open, chunkNames) {
		ctx, cancel := context.WithTimeoutCause(run, l.raw.timeout, errNoAnswer)
		readings := make([]reading, len(some))
		for i, j := range some {
			readings[i] = reading{attrGUID, string(j.user.GUID[:])}
			if j.user.GUID == (GUID{}) {
				readings[i] = reading{attrDN, j.user.DN}
			}
		}
		found, err := asker{everywhere, l}.match(ctx, readings)
		for i, j := range some {
			if err == nil {
				j.decide(everywhere, found[i])
			} else {
				j.undecided(noAnswer(ctx, err))
			}
		}
		cancel()
	}
}

// decide concludes a job of which the present state has been read.
func (j *job) decide(d domain, entries []*ldap.Entry) {
	*j.outcome = Outcome{State: Refused}
	if len(entries) != 1 {
		j.outcome.Err = &Error{Kind: ErrNotFound, Op: "change", Object: j.user.DN, Win32: winerr.NoSuchUser, Hint: "it was deleted just now"}
		return
	}
	now, err := d.userOf(entries[0], time.Now())
	switch {
	case err != nil:
		j.outcome.Err = err
	case j.unmoved && reached(now, j.swaps):
		*j.outcome = Outcome{State: Done, Now: now}
	default:
		j.outcome.Now, j.outcome.Err = now, conflict(now, j.refused)
	}
}

// undecided concludes a job of which the present state could not be read.
func (j *job) undecided(err error) {
	if j.unmoved {
		j.outcome.Err = explain("read", j.user.DN, err)
		return
	}
	*j.outcome = Outcome{State: Refused, Err: &Error{Kind: ErrConflict, Op: "change", Object: j.user.DN, Win32: winerr.NoSuchAttribute,
		Err: j.refused, Hint: "the present values could not be read; read the user again"}}
}
