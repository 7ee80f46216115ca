package plan

import (
	"context"
	"errors"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// Settled is a run that was broken off, after its open changes were looked at.
type Settled struct {
	Header journal.Header
	Counts journal.Counts // of all its changes
	Looked int            // how many were open
}

// Settle reads back the open changes of runs in this domain that were broken off,
// and closes them in the journal: as done, as not done, or as a conflict where the
// values are neither the old ones nor the wanted ones. A run whose users cannot be
// asked about stays open; one that has nothing open only ends.
func Settle(ctx context.Context, forest *ldapattr.Forest, store *journal.Store) ([]Settled, error) {
	runs, err := store.Abandoned(journal.Homes)
	if err != nil {
		return nil, err
	}
	var all []Settled
	for _, run := range runs {
		var outcomes []journal.Outcome
		open := run.Unsettled()
		if err == nil && len(open) > 0 && strings.EqualFold(run.Header.Domain, forest.Home().Domain().DNSName) {
			outcomes, err = lookAgain(ctx, forest, open)
		}
		if len(outcomes) > 0 {
			err = errors.Join(err, run.Record(outcomes))
			all = append(all, Settled{run.Header, run.Counts(), len(outcomes)})
		}
		err = errors.Join(err, run.End())
	}
	return all, err
}

// lookAgain finds out what became of changes.
func lookAgain(ctx context.Context, forest *ldapattr.Forest, open []journal.Recorded) ([]journal.Outcome, error) {
	names := make([]ldapattr.AccountName, len(open))
	for i, e := range open {
		name, err := ldapattr.ParseAccountName(e.GUID, e.DNSDomain)
		if err != nil {
			return nil, err
		}
		names[i] = name
	}
	var outcomes []journal.Outcome
	for user, err := range forest.LookupAll(ctx, names) {
		if err != nil && ends(err) {
			return nil, err
		}
		outcomes = append(outcomes, found(open[len(outcomes)], user, err))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return outcomes, nil
}

// found says what the present values of a user make of a change.
func found(e journal.Recorded, u ldapattr.User, err error) journal.Outcome {
	o := journal.Outcome{N: e.N, Recovered: true}
	if err != nil {
		o.State, o.Error = journal.Failed, err.Error()
		return o
	}
	now := Values{Root: u.Root, Dir: u.Dir}
	switch o.Now = &now; now {
	case e.After:
		o.State = journal.Done
	case e.Before:
		o.State = journal.NotDone
	default:
		o.State = journal.Conflict
	}
	return o
}
