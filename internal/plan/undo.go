package plan

import (
	"errors"
	"slices"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// ErrNothing says that a run has changed nothing that could be taken back.
var ErrNothing = errors.New("the run changed nothing")

// Undo plans to take back what a run has done: every value it wrote, as long as it
// still is there, becomes what it was before, be it valid or not.
func Undo(h journal.History, tool string) (Plan, error) {
	p := Plan{
		Schema: Schema, Tool: tool, Time: time.Now().UTC().Truncate(time.Second), Source: "run " + h.Header.ID,
		Domain: h.Header.Domain, Server: h.Header.Server, Undoes: h.Header.ID,
	}
	for _, e := range slices.Backward(h.Entries) {
		if e.State != journal.Done {
			continue
		}
		inverse := e.Entry
		inverse.Before, inverse.After = e.After, e.Before
		p.Entries = append(p.Entries, Entry{Entry: inverse})
		p.Totals.count(inverse.Before, inverse.After)
	}
	if len(p.Entries) == 0 {
		return Plan{}, ErrNothing
	}
	return p, nil
}
