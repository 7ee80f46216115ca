package ldapattr

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Change is what to do to one user, who was read before.
type Change struct {
	User   User
	Update Update
}

// State is what became of a change.
type State uint8

// The states.
const (
	NotSent State = iota // nothing was sent, so nothing was done
	Done                 // the domain controller said that it is done
	Refused              // the domain controller, or a rule before anything was sent, said no
	Unknown              // it was sent, and no answer came: read the user again
)

// Outcome is what became of one Change.
type Outcome struct {
	State State
	// Now is the user after Done, with the new values, and as he is at present after
	// a conflict; otherwise it is zero. It is zero too when a conflict's present
	// values could not be read.
	Now User
	Err error // nil after Done; ErrConflict when somebody else was faster
}

// UpdateAll makes changes, each as Directory.Update does by itself, and returns what
// became of them, in their order. All are sent without waiting for answers, over one
// connection per domain and a bounded number at a time, so they must be of different
// users: the second change of the same one is Refused. What is done is not read back.
// When ctx ends nothing more is sent, but for one more Config.Timeout the answers that
// are still due are waited for.
func (f *Forest) UpdateAll(ctx context.Context, changes []Change) []Outcome {
	outcomes := make([]Outcome, len(changes))
	seen := map[GUID]bool{}
	works := map[*member]*batchOfChanges{}
	for i, c := range changes {
		m, err := f.homeOf(c.User)
		if err == nil && seen[c.User.GUID] {
			err = &Error{Kind: ErrUsage, Op: "change", Object: c.User.DN, Err: errors.New("the same user twice at a time")}
		}
		if err != nil {
			outcomes[i] = Outcome{State: Refused, Err: err}
			continue
		}
		seen[c.User.GUID] = c.User.GUID != GUID{}
		if works[m] == nil {
			works[m] = &batchOfChanges{}
		}
		works[m].add(i, c)
	}
	var running sync.WaitGroup
	for m, work := range works {
		running.Go(func() { f.updateIn(ctx, m, work, outcomes) })
	}
	running.Wait()
	return outcomes
}

// homeOf returns the domain of a user who was read from it.
func (f *Forest) homeOf(u User) (*member, error) {
	if u.DNSDomain == "" {
		return f.home, nil
	}
	if m := f.members.named(u.DNSDomain); m != nil {
		return m, nil
	}
	return nil, &Error{Kind: ErrUsage, Op: "change", Object: abridge(u.DN), Err: errors.New(abridge(u.DNSDomain) + " is no domain of this forest")}
}

// batchOfChanges are the changes of one domain.
type batchOfChanges struct {
	places  []int // in the caller's list
	changes []Change
}

func (b *batchOfChanges) add(place int, c Change) {
	b.places, b.changes = append(b.places, place), append(b.changes, c)
}

// updateIn makes the changes of one domain.
func (f *Forest) updateIn(ctx context.Context, m *member, work *batchOfChanges, outcomes []Outcome) {
	d, err := f.open(ctx, m)
	if err != nil {
		for k, place := range work.places {
			outcomes[place].Err = explain("change", work.changes[k].User.DN, err)
		}
		return
	}
	p := &pipeline{domain: d.domain}
	for k, c := range work.changes {
		swaps, err := d.domain.checkedSwaps(c.User, c.Update)
		if err != nil {
			outcomes[work.places[k]] = Outcome{State: Refused, Err: err}
			continue
		}
		p.jobs = append(p.jobs, &job{user: c.User, swaps: swaps, outcome: &outcomes[work.places[k]]})
	}
	if len(p.jobs) > 0 {
		p.through(ctx, d)
	}
}

// through sends the jobs over a connection that has shown that it works.
func (p *pipeline) through(ctx context.Context, d *Directory) {
	err := d.request(ctx, func(_ context.Context, l *link) error {
		// Not with the context of a request: many of them take longer than one.
		run, end := answering(ctx, d)
		defer end()
		p.send(ctx, run, l)
		return nil
	})
	if err != nil {
		for _, j := range p.jobs {
			j.outcome.Err = explain("change", j.user.DN, err)
		}
	}
}

// answering returns a context for answers that are due: it outlives ctx by the time
// of one request, and ends with the Directory.
func answering(ctx context.Context, d *Directory) (context.Context, func()) {
	run, end := context.WithCancelCause(context.WithoutCancel(ctx))
	closed := context.AfterFunc(d.life, func() { end(errClosed) })
	grace := context.AfterFunc(ctx, func() {
		late := time.AfterFunc(d.dialer.cfg.timeout(), func() { end(context.Cause(ctx)) })
		context.AfterFunc(run, func() { late.Stop() })
	})
	return run, func() {
		grace()
		closed()
		end(nil)
	}
}
