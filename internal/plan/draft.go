package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// Options are what all ways to a plan have in common.
type Options struct {
	Tool    string
	Source  string
	Allowed func(homedir.Location) error // refuses places; nil: none
	Watch   func(done, total int)        // is told how far the work is, total 0 when nobody knows; nil: nobody asks
}

// Refusal is a user, or a row, that the plan could not take.
type Refusal struct {
	Row intake.Row // the zero Row when no file asks
	Err error      // names the user, and the line where there is one
}

// LineError is a problem of a line.
type LineError struct {
	Line int
	Err  error
}

// Error returns one line of text with the number of the line.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the problem itself.
func (e *LineError) Unwrap() error { return e.Err }

// Draft is a plan together with what it could not take.
type Draft struct {
	Plan    Plan
	Refused []Refusal

	options Options
	seen    map[ldapattr.GUID]asked
	began   time.Time // before anything was read
	half    bool      // only new values are judged, not the pair that they make
}

// asked is where a user was asked for.
type asked struct {
	entry int // in the plan; -1: in none, since nothing changes
	row   intake.Row
	out   bool // taken out again
}

// newDraft begins a draft of what is read from the directory.
func newDraft(d *ldapattr.Directory, options Options) *Draft {
	info, now := d.Domain(), time.Now()
	return &Draft{
		Plan: Plan{
			Schema: Schema, Tool: options.Tool, Time: now.UTC().Truncate(time.Second), Source: options.Source,
			Domain: info.DNSName, Server: info.Server,
		},
		options: options, seen: map[ldapattr.GUID]asked{}, began: now,
	}
}

// refuse notes what cannot be taken.
func (d *Draft) refuse(row intake.Row, err error) {
	if row.Line > 0 {
		err = &LineError{row.Line, err}
	}
	d.Refused = append(d.Refused, Refusal{row, err})
	d.Plan.Totals.Refused++
}

// add plans that u is to have the values after. A user who was asked for already,
// under whatever name, is taken out: of two wishes nobody knows which one counts.
func (d *Draft) add(u ldapattr.User, after Values, row intake.Row) {
	if first, twice := d.seen[u.GUID]; twice {
		d.refuse(row, fmt.Errorf("%s is %s, who is on line %d already, as %s", row.User, u.DownLevelName(), first.row.Line, first.row.User))
		if !first.out {
			d.refuse(first.row, fmt.Errorf("%s is %s, who is on line %d again, as %s", first.row.User, u.DownLevelName(), row.Line, row.User))
			d.takeOut(u.GUID, first)
		}
		return
	}
	before := Values{Root: u.Root, Dir: u.Dir}
	if err := d.check(before, after); err != nil {
		d.refuse(row, named(u, err))
		return
	}
	place := asked{entry: -1, row: row}
	if before != after {
		place.entry = len(d.Plan.Entries)
		e := NewEntry(u, after)
		e.Line, e.Source, e.ReadAt = row.Line, row.Source, d.began
		d.Plan.Entries = append(d.Plan.Entries, e)
	}
	d.seen[u.GUID] = place
}

// takeOut removes a user from the plan. The entry is only emptied here, since the
// places of others must stay what they are; finish drops it.
func (d *Draft) takeOut(guid ldapattr.GUID, a asked) {
	if a.entry >= 0 {
		d.Plan.Entries[a.entry] = Entry{}
	}
	a.out = true
	d.seen[guid] = a
}

// check refuses values that no login could use. A value that stays as it is, is
// nobody's fault here.
func (d *Draft) check(before, after Values) error {
	judge := checkValues
	if d.half {
		judge = checkSingly
	}
	if err := judge(after, after.Root != before.Root, after.Dir != before.Dir); err != nil {
		return err
	}
	if d.options.Allowed == nil || before == after || after.Root == "" || after.Dir == "" {
		return nil
	}
	home, err := homedir.New(after.Root, after.Dir)
	if err != nil {
		return nil // of a pair that is not judged there is no place
	}
	return d.options.Allowed(home.Location())
}

// finish drops what was taken out, counts, and puts problems in the order of the
// file.
func (d *Draft) finish() Draft {
	kept := d.Plan.Entries[:0]
	for _, e := range d.Plan.Entries {
		if e.GUID != "" {
			kept = append(kept, e)
			d.Plan.Totals.count(e.Before, e.After)
		}
	}
	for _, a := range d.seen {
		if a.entry < 0 && !a.out {
			d.Plan.Totals.Unchanged++
		}
	}
	d.Plan.Entries = kept
	slices.SortStableFunc(d.Refused, func(a, b Refusal) int { return a.Row.Line - b.Row.Line })
	return *d
}

// watch tells how far the work is.
func (d *Draft) watch(done, total int) {
	if d.options.Watch != nil {
		d.options.Watch(done, total)
	}
}

// named puts the user before an error that does not know of one.
func named(u ldapattr.User, err error) error {
	return fmt.Errorf("%s: %w", u.DownLevelName(), err)
}

// ends reports whether an error is about more than one user, so that going on is
// pointless.
func ends(err error) bool {
	for _, kind := range []error{ldapattr.ErrUnreachable, ldapattr.ErrAuth, ldapattr.ErrPlaintext, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
