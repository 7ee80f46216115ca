package prepare

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// Undo plans to take back what a run has done to directories: those that it made are
// removed where they are empty and still as it made them, what it repaired gets its
// old list, and what it removed is made again. Places that the policy does not admit
// any more are refused.
func Undo(sites *Sites, h journal.History) Plan {
	p := Plan{Undoes: h.Header.ID}
	for _, recorded := range h.Entries {
		if recorded.State != journal.Done || recorded.Folder == nil {
			continue
		}
		e, err := inverse(sites, recorded)
		if err != nil {
			p.refuse(Refusal{recorded.User, e.Location, err})
			continue
		}
		p.add(e)
	}
	// What lies in another goes before it, and comes after it.
	slices.SortStableFunc(p.Entries, func(a, b Entry) int { return cmp.Compare(a.order(), b.order()) })
	return p
}

// order brings removals from below up to the top, and then what is made from there
// down.
func (e Entry) order() int {
	const deepest = 1 << 15 // more than a path has components
	if e.Action == Remove {
		return -deepest - e.level
	}
	return e.level
}

func inverse(sites *Sites, recorded journal.Recorded) (Entry, error) {
	e := Entry{Entry: recorded.Entry}
	var err error
	if e.Location, err = homedir.ParseLocation(recorded.Folder.Place); err != nil {
		return e, fmt.Errorf("the journal names no place: %w", err)
	}
	way, err := sites.way(e.Location)
	if err != nil {
		return e, err
	}
	e.at(way)
	was := recorded.Made
	if was == nil {
		was = recorded.Folder.After
	}
	e.Folder = &journal.FolderChange{Place: recorded.Folder.Place, Before: was, After: recorded.Folder.Before}
	switch {
	case recorded.Folder.Before == nil:
		e.Action = Remove
	case recorded.Folder.After == nil:
		e.Action, e.Folder.Before = Make, nil
		e.Folder.After = &journal.FolderState{SDDL: recorded.Folder.Before.SDDL}
	default:
		e.Action = Repair
	}
	return e, nil
}
