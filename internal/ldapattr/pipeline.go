package ldapattr

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	inFlight  = 32           // modifies that wait for an answer; the doc of UpdateUntilRefused and docs/bulk.md know the number
	lowWater  = inFlight / 2 // so few of them that more are sent
	maxWindow = 1024         // modifies after which all answers are waited for; bounds what one window may bring
)

// pipeline is modifies over one connection.
type pipeline struct {
	domain domain
	jobs   []*job
	brake  *brake
}

// job is one change on its way.
type job struct {
	user     User
	swaps    []swap
	outcome  *Outcome
	request  *ldap.ModifyRequest
	byDN     bool // how the object is named
	unmoved  bool // there is nothing to write: only to compare
	answered bool
	refused  error // the answer, nil for success
	open     bool  // it is to be sent, again or for the first time
}

// brake ends the sending in all domains at the first refusal, if it is fitted.
type brake struct {
	fitted bool
	pulled atomic.Bool
}

func (b *brake) pull() { b.pulled.Store(b.fitted) }

// stops says whether nothing more is to be sent for now: after a refusal it is to be
// found out first whether that was a failure.
func (b *brake) stops(refusal bool) bool { return b.fitted && (refusal || b.pulled.Load()) }

// send sends all jobs until ctx ends or the connection fails, and waits for their
// answers until run ends.
func (p *pipeline) send(ctx, run context.Context, l *link) {
	for rest := p.jobs; len(rest) > 0 && !p.brake.stops(false); {
		n := min(len(rest), maxWindow)
		p.round(ctx, run, l, rest[:n])
		if again := renamed(rest[:n]); len(again) > 0 {
			p.round(ctx, run, l, again) // before others: each may be a failure
		}
		var left []*job
		for _, j := range rest[:n] {
			if j.open {
				left = append(left, j)
			} else if j.failed() {
				p.brake.pull()
			}
		}
		rest = append(left, rest[n:]...)
	}
}

// round sends some jobs and finds out what their answers mean.
func (p *pipeline) round(ctx, run context.Context, l *link, jobs []*job) {
	p.window(ctx, run, l, jobs)
	p.compare(run, l, jobs)
	p.prove(run, l, jobs)
}

// failed says whether a job is a reason to stop.
func (j *job) failed() bool {
	o := j.outcome
	return o.State == Refused && !(o.Now != User{} && reached(o.Now, j.swaps))
}

// window sends some jobs and waits for all answers to them. It takes as long as the
// domain controller goes on answering.
func (p *pipeline) window(ctx, run context.Context, l *link, jobs []*job) {
	var moving []*job
	for _, j := range jobs {
		j.request = modifyOf(j.object(), j.swaps)
		if j.unmoved = len(j.request.Changes) == 0; !j.unmoved {
			moving = append(moving, j)
		}
	}
	l.raw.patient.Store(true)
	defer l.raw.patient.Store(false)
	w := &window{jobs: moving, brake: p.brake, progress: make(chan struct{}, 1)}
	err := l.do(run, func(*ldap.Conn) error {
		l.tap.begin(w)
		defer l.tap.finish()
		return w.send(ctx, l)
	})
	for i := range moving {
		w.conclude(ctx, run, i, err)
	}
}

// errNotSent: others went before, and then the connection was gone.
var errNotSent = errors.New("the connection was lost before this change was sent")

// errNotTried: nothing was done to the object that had the name, whichever that is.
var errNotTried = errors.New("the connection was lost before this change could be sent by objectGUID")

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
		if isConflict(j.refused) || j.unmoved {
			open = append(open, j)
		}
	}
	everywhere := everywhereIn(p.domain)
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

// everywhereIn is the domain with all places that a user may have been moved to.
func everywhereIn(d domain) domain {
	d.base, d.info.BaseDN = d.namingContext, d.namingContext.String()
	return d
}

// decide concludes a job of which the present state has been read.
func (j *job) decide(d domain, entries []*ldap.Entry) {
	*j.outcome = Outcome{State: Refused}
	if len(entries) != 1 {
		j.outcome.Err = deleted(j.user)
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

// deleted is the failure of a change of somebody who is gone.
func deleted(u User) error {
	return &Error{Kind: ErrNotFound, Op: "change", Object: u.DN, Win32: winerr.NoSuchUser, Hint: "it was deleted just now"}
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
