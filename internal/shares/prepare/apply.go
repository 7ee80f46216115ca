package prepare

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// window is how many directories are announced to the journal at a time. Each costs
// one wait for the disk and one for the slowest server.
const window = 200

// Engine does what a plan says.
type Engine struct {
	Sites *Sites
	Run   *journal.Run
	GoOn  bool         // after a failure; else the window in which one failed is the last
	Each  func(Result) // is told what became of each entry, in their order
}

// Result is what became of one directory.
type Result struct {
	Entry Entry
	State journal.State
	Now   *journal.FolderState // what is there by now; nil when nobody looked, or for nothing
	Err   error
}

// Apply does what the entries say, window by window: what a window is about to do is
// in the journal before the first of it is done. A directory that is there already as
// it should be is Unchanged, so that a run that was killed can be run again. The
// error is what ended the work, or the end of ctx; Each hears of every entry.
func (e Engine) Apply(ctx context.Context, entries []Entry) error {
	e.Sites.run = e.Run.Header.ID
	for len(entries) > 0 {
		n := 1
		for n < min(window, len(entries)) && entries[n].level == entries[0].level {
			n++ // what lies in another must wait for it
		}
		err := ctx.Err()
		goOn := false
		if err == nil {
			goOn, err = e.window(ctx, entries[:n])
			entries = entries[n:]
		}
		if err != nil || !goOn {
			for _, entry := range entries {
				e.tell(Result{Entry: entry, State: journal.NotDone})
			}
			return cmp.Or(ctx.Err(), err)
		}
	}
	return ctx.Err()
}

func (e Engine) tell(r Result) {
	if e.Each != nil {
		e.Each(r)
	}
}

// window does one window, and says whether to go on.
func (e Engine) window(ctx context.Context, entries []Entry) (bool, error) {
	results := make([]Result, len(entries))
	intents := make([]journal.Entry, len(entries))
	numbers := make([]int, len(entries))
	for i, entry := range entries {
		results[i] = Result{Entry: entry, State: journal.NotDone}
		intents[i], numbers[i] = entry.Entry, i
	}
	first, err := e.Run.Intend(intents)
	if err != nil {
		for _, r := range results {
			e.tell(r)
		}
		return false, err
	}
	each(ctx, numbers, func(i int) string { return serverKey(entries[i].way.Volume()) }, func(i int) {
		results[i] = e.do(ctx, entries[i], first+i)
	}, nil)
	outcomes := make([]journal.Outcome, len(entries))
	for i, r := range results {
		outcomes[i] = journal.Outcome{N: first + i, State: r.State, Made: r.Now}
		if r.Err != nil {
			outcomes[i].Error = r.Err.Error()
		}
	}
	err = e.Run.Record(outcomes)
	goOn := true
	for _, r := range results {
		e.tell(r)
		goOn = goOn && (e.GoOn || r.State == journal.Done || r.State == journal.Unchanged)
	}
	return goOn, err
}

// do does one thing.
func (e Engine) do(ctx context.Context, entry Entry, number int) Result {
	r := Result{Entry: entry, State: journal.NotDone}
	g, err := e.Sites.ground(ctx, entry.way)
	if err != nil {
		r.Err = err
		return r
	}
	if entry.Action == Remove || entry.Action == Repair {
		if r = e.verify(ctx, g, entry); r.State != journal.NotDone || r.Err != nil {
			return r
		}
	}
	var now *spot
	if entry.Action == Remove {
		err = g.remove(ctx, entry.way.Below())
	} else {
		now, err = g.put(ctx, entry, number)
	}
	r.Now = stateOf(now)
	switch {
	case err == nil:
		r.State = journal.Done
	case errors.Is(err, ErrOwner):
		r.State, r.Err = journal.Done, err
	case errors.Is(err, errChanged):
		r.State, r.Err = journal.Conflict, fmt.Errorf("%s: %w", entry.Location, err)
	case ctx.Err() != nil, Lost(err):
		r.State, r.Err = journal.Open, err
	case winerr.Of(err) == winerr.AlreadyExists && entry.Action != Repair:
		return e.taken(ctx, g, entry)
	case winerr.Of(err) == winerr.DirNotEmpty:
		r.State, r.Err = journal.Conflict, fmt.Errorf("%s stays, since it is not empty: %w", entry.Location, winerr.DirNotEmpty)
	default:
		r.State, r.Err = journal.Failed, err
	}
	return r
}

// verify makes sure that a directory still is what the plan is about.
func (e Engine) verify(ctx context.Context, g ground, entry Entry) Result {
	r := Result{Entry: entry, State: journal.NotDone}
	found, err := g.look(ctx, entry.way.Below(), true)
	switch before := entry.Folder.Before; {
	case err != nil:
		r.State, r.Err = journal.Failed, err
	case found == nil && entry.Action == Remove:
		r.State = journal.Unchanged
	case found == nil || found.enterable() != nil || !found.is(*before):
		r.State, r.Now = journal.Conflict, stateOf(found)
		r.Err = fmt.Errorf("%s is not what it was any more, and is left alone: %w", entry.Location, winerr.AlreadyExists)
	}
	return r
}

// taken says what somebody else has put in the place meanwhile.
func (e Engine) taken(ctx context.Context, g ground, entry Entry) Result {
	r := Result{Entry: entry, State: journal.Conflict}
	found, err := g.look(ctx, entry.way.Below(), true)
	if err != nil {
		r.State, r.Err = journal.Failed, err
		return r
	}
	r.Now = stateOf(found)
	if found != nil && found.enterable() == nil && (entry.Folder.After.SDDL == "" || found.has(entry.Folder.After.SDDL)) {
		r.State = journal.Unchanged
		return r
	}
	r.Err = fmt.Errorf("somebody else has made %s meanwhile; it is left alone: %w", entry.Location, winerr.AlreadyExists)
	return r
}

// is says whether a directory is the one that a state was taken of: made at the same
// time, with the same owner and list, as far as both are known.
func (s *spot) is(state journal.FolderState) bool {
	if state.Created != "" && s.created != "" && state.Created != s.created {
		return false
	}
	if state.SDDL == "" || !s.described {
		return state.Created != ""
	}
	then, err := secdesc.ParseSDDL(state.SDDL, "")
	return err == nil && canonical(then) == canonical(s.descriptor)
}

// has says whether a directory has the list of a descriptor. The owner may be another
// one: not everybody can give directories away.
func (s *spot) has(sddl string) bool {
	d, err := secdesc.ParseSDDL(sddl, "")
	return err == nil && s.described && list(d) == list(s.descriptor)
}

func stateOf(s *spot) *journal.FolderState {
	if s == nil {
		return nil
	}
	state := &journal.FolderState{Created: s.created}
	if s.described {
		state.SDDL = s.descriptor.SDDL()
	}
	return state
}
