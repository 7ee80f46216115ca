package plan

import (
	"cmp"
	"context"
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// window is how many changes are announced to the journal and sent together. Each
// costs one wait for the disk and one for the directory's last answer.
const window = 500

// Engine makes the changes of a plan.
type Engine struct {
	Forest  *ldapattr.Forest
	Run     *journal.Run
	GoOn    bool         // after a failure that is one user's own; else nothing more is sent
	Force   bool         // write whatever the present values are
	Restore bool         // the new values were there before, and need not be valid
	Each    func(Result) // is told what became of each entry, in their order
}

// Result is what became of one entry.
type Result struct {
	Entry Entry
	State journal.State
	Now   *Values // the values that were found; nil when nobody looked
	Err   error   // why not; nil for Done, Unchanged, and what was not tried
}

// Apply makes the changes window by window: what a window is about to change is in
// the journal before the first of it is sent. Each change is a compare-and-swap of
// both attributes. Values that are the wanted ones already are Unchanged, so a plan
// that was broken off can be applied again. The error is what ended the work, or the
// end of ctx; Each hears of every entry in any case.
func (e Engine) Apply(ctx context.Context, entries []Entry) error {
	for len(entries) > 0 {
		if err := ctx.Err(); err != nil {
			e.skip(entries)
			return err
		}
		n := min(window, len(entries))
		goOn, err := e.window(ctx, entries[:n])
		entries = entries[n:]
		if err != nil || !goOn {
			e.skip(entries)
			return cmp.Or(ctx.Err(), err) // what an interruption brings about is no failure
		}
	}
	return ctx.Err()
}

// skip tells of entries that nobody tried.
func (e Engine) skip(entries []Entry) {
	for _, entry := range entries {
		e.tell(Result{Entry: entry, State: journal.NotDone})
	}
}

func (e Engine) tell(r Result) {
	if e.Each != nil {
		e.Each(r)
	}
}

// window makes the changes of one window, and says whether to go on.
func (e Engine) window(ctx context.Context, entries []Entry) (bool, error) {
	intents := make([]journal.Entry, len(entries))
	changes := make([]ldapattr.Change, len(entries))
	for i, entry := range entries {
		intents[i] = entry.Entry
		change, err := e.change(entry)
		if err != nil {
			e.skip(entries)
			return false, err
		}
		changes[i] = change
	}
	first, err := e.Run.Intend(intents)
	if err != nil {
		e.skip(entries)
		return false, err
	}
	results := make([]Result, len(entries))
	outcomes := make([]journal.Outcome, len(entries))
	update := e.Forest.UpdateUntilRefused
	if e.GoOn {
		update = e.Forest.UpdateAll
	}
	for i, o := range update(ctx, changes) {
		results[i] = result(entries[i], o)
		outcomes[i] = outcomeOf(results[i], first+i)
	}
	err = e.Run.Record(outcomes)
	goOn := true
	for _, r := range results {
		e.tell(r)
		failed := r.Err != nil && r.State != journal.Unchanged
		goOn = goOn && (e.GoOn || !failed)
		if failed && err == nil && ends(r.Err) {
			err = r.Err
		}
	}
	return goOn, err
}

// change is the entry for the directory. Both values are compared, also one that
// stays, since both make one home.
func (e Engine) change(entry Entry) (ldapattr.Change, error) {
	guid, err := ldapattr.ParseGUID(entry.GUID)
	if err != nil {
		return ldapattr.Change{}, err
	}
	update := ldapattr.Update{Force: e.Force, Restore: e.Restore}
	if entry.After.Root != entry.Before.Root {
		update.Root = &entry.After.Root
	}
	if entry.After.Dir != entry.Before.Dir {
		update.Dir = &entry.After.Dir
	}
	return ldapattr.Change{
		User:   ldapattr.User{DN: entry.DN, DNSDomain: entry.DNSDomain, GUID: guid, Root: entry.Before.Root, Dir: entry.Before.Dir},
		Update: update,
		ReadAt: entry.ReadAt,
	}, nil
}

// result says what an answer means.
func result(entry Entry, o ldapattr.Outcome) Result {
	r := Result{Entry: entry, Err: o.Err}
	switch o.State {
	case ldapattr.Done:
		r.State = journal.Done
	case ldapattr.NotSent:
		r.State = journal.NotDone
	case ldapattr.Unknown:
		r.State = journal.Open
	case ldapattr.Refused:
		r.State = journal.Failed
		if !errors.Is(o.Err, ldapattr.ErrConflict) {
			break
		}
		r.State = journal.Conflict
		if o.Now.GUID == (ldapattr.GUID{}) {
			break // nobody could look
		}
		r.Now = &Values{Root: o.Now.Root, Dir: o.Now.Dir}
		if *r.Now == entry.After {
			r.State, r.Err = journal.Unchanged, nil
		}
	}
	return r
}

func outcomeOf(r Result, n int) journal.Outcome {
	o := journal.Outcome{N: n, State: r.State, Now: r.Now}
	if r.Err != nil {
		o.Error = r.Err.Error()
	}
	return o
}
