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
	// ReadAt is when User was read, or earlier; zero if that is not known. Just after
	// it the object is named by its DN, which is faster (see UpdateAll).
	ReadAt time.Time
}

// State is what became of a change.
type State uint8

// The states.
const (
	NotSent State = iota // nothing was done: it was not sent, or in vain and not again
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
	// Err is nil after Done, and after NotSent when only the refusal of another change
	// was the reason; ErrConflict says that somebody else was faster.
	Err error
}

// UpdateAll makes changes, each as Directory.Update does by itself, and returns what
// became of them, in their order. All are sent without waiting for answers, over one
// connection per domain and a bounded number at a time, so they must be of different
// users: the second change of the same one is Refused. What is done is not read back.
// When ctx ends nothing more is sent, but for one more Config.Timeout the answers that
// are still due are waited for.
//
// A user who was read just now (Change.ReadAt) is named by his DN, since a domain
// controller may take longer to find an objectGUID: Samba needs 8 to 18 % more for a
// change. What such a change is refused for is never concluded from: it is sent again
// with the objectGUID. What was done by DN is looked at by objectGUID before it is Done.
// If somebody else had the DN by then, and the same two values, that change is taken
// back and made where it belongs; for the time between, some tenths of a second, he had
// a home that was not his, and keeps it if this process dies right then. If it cannot be
// taken back the outcome says so.
func (f *Forest) UpdateAll(ctx context.Context, changes []Change) []Outcome {
	return update(ctx, f, changes, &brake{})
}

// UpdateUntilRefused is UpdateAll until the first refusal: once that has been answered
// nothing more is sent, and the changes that are on their way by then, at most 31, are
// the last. A conflict whose present values are the wanted ones is no reason to stop.
func (f *Forest) UpdateUntilRefused(ctx context.Context, changes []Change) []Outcome {
	return update(ctx, f, changes, &brake{fitted: true})
}

func update(ctx context.Context, f *Forest, changes []Change, b *brake) []Outcome {
	outcomes := make([]Outcome, len(changes))
	seen := map[GUID]bool{}
	works := map[*member]*batchOfChanges{}
	for i, c := range changes {
		m, err := f.members.homeOf(c.User)
		if err == nil && seen[c.User.GUID] {
			err = &Error{Kind: ErrUsage, Op: "change", Object: c.User.DN, Err: errors.New("the same user twice at a time")}
		}
		if err != nil {
			outcomes[i] = Outcome{State: Refused, Err: err}
			b.pull()
			continue
		}
		seen[c.User.GUID] = c.User.GUID != GUID{}
		if works[m] == nil {
			works[m] = &batchOfChanges{brake: b}
		}
		works[m].add(i, c)
	}
	var running sync.WaitGroup
	for m, work := range works {
		running.Go(func() { work.make(ctx, f, m, outcomes) })
	}
	running.Wait()
	return outcomes
}

// DomainOf returns the domain that a user was read from, connected. Errors: ErrUsage
// when it is none of the forest, ErrUnreachable.
func (f *Forest) DomainOf(ctx context.Context, u User) (*Directory, error) {
	m, err := f.members.homeOf(u)
	if err != nil {
		return nil, err
	}
	return f.open(ctx, m)
}

// homeOf returns the domain of a user who was read from it.
func (all members) homeOf(u User) (*member, error) {
	if u.DNSDomain == "" {
		return all[0], nil
	}
	if m := all.named(u.DNSDomain); m != nil {
		return m, nil
	}
	return nil, &Error{Kind: ErrUsage, Op: "use", Object: abridge(u.DN), Err: errors.New(abridge(u.DNSDomain) + " is no domain of this forest")}
}

// batchOfChanges are the changes of one domain.
type batchOfChanges struct {
	places  []int // in the caller's list
	changes []Change
	brake   *brake
}

func (b *batchOfChanges) add(place int, c Change) {
	b.places, b.changes = append(b.places, place), append(b.changes, c)
}

// make makes the changes.
func (b *batchOfChanges) make(ctx context.Context, f *Forest, m *member, outcomes []Outcome) {
	d, err := f.open(ctx, m)
	if err != nil {
		b.brake.pull()
		for k, place := range b.places {
			outcomes[place].Err = explain("change", b.changes[k].User.DN, err)
		}
		return
	}
	p := &pipeline{domain: d.domain, brake: b.brake}
	for k, c := range b.changes {
		swaps, err := d.domain.checkedSwaps(c.User, c.Update)
		if err != nil {
			b.brake.pull()
			outcomes[b.places[k]] = Outcome{State: Refused, Err: err}
			continue
		}
		p.jobs = append(p.jobs, &job{user: c.User, swaps: swaps, outcome: &outcomes[b.places[k]], byDN: namedByDN(c)})
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
