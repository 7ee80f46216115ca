package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// Grant is what is to become of the permissions of one directory object: entries
// that are added, and entries that are taken away. All others stay.
type Grant struct {
	Object      ldapattr.Secured // as it was read; a list that has changed since is not touched
	Add, Remove []secdesc.ACE
}

// Left is the grant without what the object's list has, or lacks, already. An entry
// is there, too, when the same with more rights is.
func (g Grant) Left() Grant {
	var list secdesc.ACL
	if g.Object.Descriptor.DACL != nil {
		list = *g.Object.Descriptor.DACL
	}
	g.Add = slices.DeleteFunc(slices.Clone(g.Add), func(e secdesc.ACE) bool {
		return slices.ContainsFunc(list.Entries, func(there secdesc.ACE) bool {
			wider := there.Mask&e.Mask == e.Mask
			there.Mask = e.Mask
			return wider && there.Equal(e)
		})
	})
	g.Remove = slices.DeleteFunc(slices.Clone(g.Remove), func(e secdesc.ACE) bool { return !list.Has(e) })
	return g
}

// Empty says that there is nothing to do.
func (g Grant) Empty() bool { return len(g.Add)+len(g.Remove) == 0 }

// Apply announces the change to the journal, makes it and records what became of it.
// Where that is not known the change stays open, for SettleGrants. Errors: those of
// Permissions.SetDACL, and of the journal.
func (g Grant) Apply(ctx context.Context, p *ldapattr.Permissions, run *journal.Run) error {
	if g.Object.Descriptor.DACL == nil {
		return fmt.Errorf("%s has no list of permissions, so everybody may do everything to it", g.Object.DN)
	}
	change := &journal.PermissionsChange{Add: texts(g.Add), Remove: texts(g.Remove)}
	n, err := run.Intend([]journal.Entry{{DN: g.Object.DN, DNSDomain: g.Object.DNSDomain, GUID: g.Object.GUID.String(), Permissions: change}})
	if err != nil {
		return err
	}
	list, _ := g.Object.Descriptor.DACL.Without(g.Remove...)
	_, err = p.SetDACL(ctx, g.Object, list.With(g.Add...))
	outcome := journal.Outcome{N: n, State: journal.Open}
	switch {
	case err == nil:
		outcome.State = journal.Done
	case errors.Is(err, ldapattr.ErrConflict):
		outcome.State, outcome.Error = journal.Conflict, err.Error()
	case errors.Is(err, ldapattr.ErrRights), errors.Is(err, ldapattr.ErrValue), errors.Is(err, ldapattr.ErrNotFound), errors.Is(err, ldapattr.ErrUsage):
		outcome.State, outcome.Error = journal.Failed, err.Error()
	}
	return errors.Join(err, run.Record([]journal.Outcome{outcome}))
}

func texts(entries []secdesc.ACE) []string {
	var all []string
	for _, e := range entries {
		all = append(all, e.SDDL())
	}
	return all
}

// UndoGrants returns the inverse of what a run has done to permissions, the last
// change first. Object holds only which object it is: read it (Permissions.Again)
// before Left and Apply.
// Errors: ErrNothing.
func UndoGrants(h journal.History) ([]Grant, error) {
	var all []Grant
	for _, e := range slices.Backward(h.Entries) {
		if e.State != journal.Done || e.Permissions == nil {
			continue
		}
		g, err := grantOf(e.Entry)
		if err != nil {
			return nil, fmt.Errorf("run %s: %w", h.Header.ID, err)
		}
		g.Add, g.Remove = g.Remove, g.Add
		all = append(all, g)
	}
	if len(all) == 0 {
		return nil, ErrNothing
	}
	return all, nil
}

// grantOf reads an entry of the journal. Somebody may have edited it.
func grantOf(e journal.Entry) (Grant, error) {
	g := Grant{Object: ldapattr.Secured{DN: e.DN, DNSDomain: e.DNSDomain}}
	var err error
	if g.Object.GUID, err = ldapattr.ParseGUID(e.GUID); err != nil {
		return Grant{}, err
	}
	if g.Add, err = parseEntries(e.Permissions.Add); err != nil {
		return Grant{}, err
	}
	g.Remove, err = parseEntries(e.Permissions.Remove)
	return g, err
}

func parseEntries(list []string) ([]secdesc.ACE, error) {
	d, err := secdesc.ParseSDDL("D:"+strings.Join(list, ""), "")
	if err == nil && (d.DACL == nil || len(d.DACL.Entries) != len(list)) {
		err = errors.New("the entries are not what was written")
	}
	if err != nil {
		return nil, err
	}
	return d.DACL.Entries, nil
}

// SettleGrants is Settle for runs that changed permissions.
func SettleGrants(ctx context.Context, p *ldapattr.Permissions, store *journal.Store, domain string) ([]Settled, error) {
	runs, err := store.Abandoned(journal.Permissions)
	if err != nil {
		return nil, err
	}
	var all []Settled
	for _, run := range runs {
		var outcomes []journal.Outcome
		if strings.EqualFold(run.Header.Domain, domain) {
			for _, e := range run.Unsettled() {
				o, reading := settleGrant(ctx, p, e)
				if reading != nil {
					err = errors.Join(err, reading)
					break
				}
				outcomes = append(outcomes, o)
			}
		}
		if len(outcomes) > 0 {
			err = errors.Join(err, run.Record(outcomes))
			all = append(all, Settled{run.Header, run.Counts(), len(outcomes)})
		}
		err = errors.Join(err, run.End())
	}
	return all, err
}

// settleGrant finds out what became of a change. The error says that nobody can tell
// now.
func settleGrant(ctx context.Context, p *ldapattr.Permissions, e journal.Recorded) (journal.Outcome, error) {
	o := journal.Outcome{N: e.N, Recovered: true, State: journal.Failed}
	if e.Permissions == nil {
		o.Error = "it is not said which entries were to change"
		return o, nil
	}
	g, err := grantOf(e.Entry)
	if err != nil {
		o.Error = err.Error()
		return o, nil
	}
	g.Object, err = p.Again(ctx, g.Object)
	switch {
	case errors.Is(err, ldapattr.ErrNotFound), errors.Is(err, ldapattr.ErrUsage): // ErrUsage: its domain is none of the forest any more
		o.Error = err.Error()
		return o, nil
	case err != nil:
		return o, err
	}
	left := g.Left()
	switch {
	case left.Empty():
		o.State = journal.Done
	case len(left.Add) == len(g.Add) && len(left.Remove) == len(g.Remove):
		o.State = journal.NotDone
	default:
		o.State = journal.Conflict
	}
	return o, nil
}
