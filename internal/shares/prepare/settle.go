package prepare

import (
	"context"
	"errors"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// Settled is a run that was broken off, after its directories were looked at.
type Settled struct {
	Header journal.Header
	Counts journal.Counts
	Looked int
}

// Settle looks what became of the directories that runs in a domain were making when
// they were broken off, closes them in the journal, and removes their workshops. A
// run whose places cannot be reached stays open.
func Settle(ctx context.Context, sites *Sites, runs []*journal.Run, store *journal.Store) ([]Settled, error) {
	var all []Settled
	var failed error
	for _, run := range runs {
		open := run.Unsettled()
		outcomes, err := sites.lookAgain(ctx, open)
		if len(outcomes) > 0 {
			err = errors.Join(err, run.Record(outcomes))
			all = append(all, Settled{run.Header, run.Counts(), len(outcomes)})
		}
		if err == nil {
			err = sites.clear(ctx, run.Header.ID, store)
		}
		if err != nil {
			failed = errors.Join(failed, err, run.Leave())
			continue
		}
		failed = errors.Join(failed, run.End())
	}
	return all, failed
}

// lookAgain finds out what became of directories.
func (s *Sites) lookAgain(ctx context.Context, open []journal.Recorded) ([]journal.Outcome, error) {
	results := make([]journal.Outcome, len(open))
	failures := make([]error, len(open))
	numbers := make([]int, len(open))
	for i := range open {
		numbers[i] = i
	}
	each(ctx, numbers, func(i int) string { return hostOf(open[i]) }, func(i int) {
		results[i], failures[i] = s.became(ctx, open[i])
	}, nil)
	var outcomes []journal.Outcome
	for i, o := range results {
		if failures[i] == nil && o.State != "" {
			outcomes = append(outcomes, o)
		}
	}
	return outcomes, errors.Join(ctx.Err(), first(failures))
}

// first is the first of errors that mostly have one cause.
func first(all []error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// hostOf is the server of a recorded place, "" for this machine.
func hostOf(e journal.Recorded) string {
	if e.Folder == nil {
		return ""
	}
	l, _ := homedir.ParseLocation(e.Folder.Place) // one that does not parse is reported when it is looked at
	return serverKey(l)
}

// became says what the present state of a place makes of an intent.
func (s *Sites) became(ctx context.Context, e journal.Recorded) (journal.Outcome, error) {
	o := journal.Outcome{N: e.N, Recovered: true}
	if e.Folder == nil {
		o.State, o.Error = journal.Failed, "the journal does not say what was to be made"
		return o, nil
	}
	location, err := homedir.ParseLocation(e.Folder.Place)
	if err != nil {
		o.State, o.Error = journal.Failed, err.Error()
		return o, nil
	}
	way, err := s.way(location)
	if err != nil {
		return o, err
	}
	g, err := s.ground(ctx, way)
	if err != nil {
		return o, err
	}
	found, err := g.look(ctx, way.Below(), true)
	if err != nil {
		return o, err
	}
	o.Made = stateOf(found)
	o.State = stateNow(e.Folder, found)
	return o, nil
}

// stateNow says what stands in a place makes of a change. Nobody can tell who has made
// a folder whose list was left to the server: it counts as having been there.
func stateNow(change *journal.FolderChange, found *spot) journal.State {
	switch {
	case matches(change.After, found):
		return journal.Done
	case matches(change.Before, found):
		return journal.NotDone
	case change.Before == nil && change.After != nil && change.After.SDDL == "" && found.enterable() == nil:
		return journal.Unchanged
	}
	return journal.Conflict
}

// matches says whether a state is what stands in a place, as far as lists can tell.
func matches(state *journal.FolderState, found *spot) bool {
	if state == nil || found == nil {
		return state == nil && found == nil
	}
	return found.enterable() == nil && state.SDDL != "" && found.has(state.SDDL)
}

// clear removes the workshops of a run.
func (s *Sites) clear(ctx context.Context, run string, store *journal.Store) error {
	h, err := store.Read(run)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, e := range h.Entries {
		if e.Folder == nil || e.Folder.After == nil || e.Folder.After.SDDL == "" {
			continue
		}
		location, err := homedir.ParseLocation(e.Folder.Place)
		if err != nil {
			continue
		}
		way, err := s.way(location)
		if err != nil || way.Local() {
			continue
		}
		shop := workshopOf(parent(way.Below()), run)
		if key := spelled(way, shop); !seen[key] {
			seen[key] = true
			g, err := s.ground(ctx, way)
			if err != nil {
				return err
			}
			if t, ok := g.(*there); ok {
				err = t.clear(ctx, shop)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Tidy removes the workshops of the run that has just been at work. What is left of
// one is named in the error; the next run that looks after this one removes it.
func (s *Sites) Tidy(ctx context.Context) error {
	var failed error
	for _, v := range s.volumes {
		t, ok := v.ground.(*there)
		if !ok || t.server.failure() != nil {
			continue
		}
		for _, shop := range t.shops {
			failed = errors.Join(failed, t.clear(ctx, shop.path))
		}
	}
	return failed
}

// In says whether a run is one of directories in a domain.
func In(h journal.Header, domain string) bool {
	return h.Kind == journal.Folders && strings.EqualFold(h.Domain, domain)
}
