package prepare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// lanes is how many questions a server is asked at a time: enough for a line of
// 20 ms, and far below what servers grant to one connection.
const lanes = 8

// Options say what homes are to be like.
type Options struct {
	Template Template
	Repair   bool // a home that is there gets the list of the template, too
	// Token returns who a user is to a file server: it is asked where the user's own
	// name is not enough to tell whether a list lets the user in. nil: it is not known.
	Token func(context.Context, ldapattr.User) (secdesc.Token, error)
	Watch func() // is told of each home that has been looked at; from one goroutine
}

// Look works out which homes of users are missing, and what else has to be done. It
// writes nothing. What is wrong with one home is a refusal; the error is the end of
// ctx.
func Look(ctx context.Context, sites *Sites, users iter.Seq[ldapattr.User], opt Options) (Plan, error) {
	var p Plan
	places := gather(sites, users, &p)
	l := looker{sites: sites, opt: opt, folders: map[string]*memo{}}
	each(ctx, places, func(one *place) string { return one.key }, func(one *place) {
		one.err = l.look(ctx, one)
	}, opt.Watch)
	if err := ctx.Err(); err != nil {
		return Plan{}, err
	}
	d := drafter{opt: opt, plan: &p, made: map[string]bool{}}
	for _, one := range places {
		if one.err == nil {
			one.err = d.draft(ctx, one)
		}
		if one.err != nil {
			p.refuse(Refusal{one.user.DownLevelName(), one.location, one.err})
		}
	}
	// What lies as deep as its neighbours can be made together with them.
	slices.SortStableFunc(p.Entries, func(a, b Entry) int { return cmp.Compare(a.level, b.level) })
	return p, ctx.Err()
}

// each does the same with all items, some at a time for every server.
func each[T any](ctx context.Context, items []T, server func(T) string, do func(T), done func()) {
	byServer := map[string][]T{}
	for _, item := range items {
		byServer[server(item)] = append(byServer[server(item)], item)
	}
	var running sync.WaitGroup
	finished := make(chan struct{}, lanes)
	for _, own := range byServer {
		queue := make(chan T, len(own))
		for _, item := range own {
			queue <- item
		}
		close(queue)
		for range min(lanes, len(own)) {
			running.Go(func() {
				for item := range queue {
					if ctx.Err() == nil {
						do(item)
					}
					finished <- struct{}{}
				}
			})
		}
	}
	go func() { running.Wait(); close(finished) }()
	for range finished {
		if done != nil {
			done()
		}
	}
}

// looker looks at homes, and once at each folder above some of them.
type looker struct {
	sites   *Sites
	opt     Options
	mu      sync.Mutex
	folders map[string]*memo
}

type memo struct {
	once sync.Once
	spot *spot
	err  error
}

func (l *looker) look(ctx context.Context, one *place) error {
	g, err := l.sites.ground(ctx, one.way)
	if err != nil {
		return err
	}
	one.found, err = g.look(ctx, one.way.Below(), l.opt.Repair)
	if err != nil || one.found != nil {
		return err
	}
	if one.way.Below() == "" {
		return fmt.Errorf("%s is a share or a volume of its own, and is missing: %w", one.location, winerr.PathNotFound)
	}
	for path := parent(one.way.Below()); ; path = parent(path) {
		one.base, err = l.folder(ctx, g, one.way, path)
		if err != nil || one.base != nil {
			return err
		}
		if path == "" {
			return fmt.Errorf("%s is missing: %w", one.way.Volume(), winerr.PathNotFound)
		}
		one.above++
	}
}

// folder looks at a folder above homes, once for all of them.
func (l *looker) folder(ctx context.Context, g ground, way shares.Way, path string) (*spot, error) {
	key := spelled(way, path)
	l.mu.Lock()
	m := l.folders[key]
	if m == nil {
		m = &memo{}
		l.folders[key] = m
	}
	l.mu.Unlock()
	m.once.Do(func() {
		m.spot, m.err = g.look(ctx, path, l.opt.Template.inherits())
		if m.err == nil && m.spot != nil {
			m.err = m.spot.enterable()
		}
	})
	return m.spot, m.err
}

// enterable refuses what homes neither are nor lie in.
func (s *spot) enterable() error {
	switch {
	case s.link:
		return fmt.Errorf("a link, another reparse point or a mount is in the way: %w", winerr.CantAccessFile)
	case !s.dir:
		return fmt.Errorf("a file is in the way: %w", winerr.Directory)
	}
	return nil
}

// drafter turns what was found into a plan.
type drafter struct {
	opt  Options
	plan *Plan
	made map[string]bool // the folders that will be made
}

func (d *drafter) draft(ctx context.Context, one *place) error {
	e := entryOf(one)
	if one.found == nil {
		var err error
		if e.Folder.After.SDDL, err = d.wanted(ctx, one); err != nil {
			return err
		}
		if !lists && one.way.Local() {
			e.Note = "a folder of this machine, made with the mode that this process gives"
		}
		for _, p := range d.parents(one) {
			d.made[spelling(p.way)] = true
			d.plan.add(p)
		}
		e.Action = Make
		d.made[spelling(one.way)] = true
		d.plan.add(e)
		return nil
	}
	if err := one.found.enterable(); err != nil {
		return err
	}
	e.Action = Keep
	e.Folder.Before = &journal.FolderState{Created: one.found.created}
	if d.opt.Repair && one.found.described {
		if err := d.repair(ctx, one, &e); err != nil {
			return err
		}
	}
	d.plan.add(e)
	return nil
}

// repair plans to give a home that is there its list, where it has another one.
func (d *drafter) repair(ctx context.Context, one *place, e *Entry) error {
	sddl, err := d.wanted(ctx, one)
	if err != nil {
		return err
	}
	wanted, err := secdesc.ParseSDDL(sddl, "")
	if err != nil {
		return err
	}
	now := one.found.descriptor
	if wanted.Owner == "" {
		now.Owner = ""
	}
	if canonical(now) == canonical(wanted) {
		return nil
	}
	e.Action = Repair
	e.Folder.Before.SDDL, e.Folder.After = one.found.descriptor.SDDL(), &journal.FolderState{SDDL: sddl}
	return nil
}

// parents plans to make the folders above a home that are missing and that nobody has
// planned yet.
func (d *drafter) parents(one *place) []Entry {
	var all []Entry
	for steps := one.above; steps > 0; steps-- {
		p := entryOf(one)
		p.Action, p.Location = Above, one.location.Base().Below(outward(one.location.Path(), steps))
		p.Folder.Place = p.Location.String()
		p.at(one.way.At(outward(one.way.Below(), steps)))
		if _, planned := d.made[spelling(p.way)]; !planned {
			all = append(all, p)
		}
	}
	return all
}

// wanted is the descriptor that a home is to have, in SDDL; "" where that is not for
// us to say.
func (d *drafter) wanted(ctx context.Context, one *place) (string, error) {
	if !lists && one.way.Local() {
		return "", nil
	}
	user, err := secdesc.ParseSID(one.user.SID)
	if err != nil {
		return "", fmt.Errorf("%s has no SID: %w", one.user.DownLevelName(), err)
	}
	if !d.opt.Template.inherits() {
		descriptor, err := d.opt.Template.fill(user)
		return descriptor.SDDL(), err
	}
	if one.above > 0 || one.base == nil || !one.base.described {
		return "", nil // what is handed down twice is the server's to work out
	}
	descriptor, ok := handedDown(one.base.descriptor, user)
	if !ok {
		return "", errors.New("the folder above hands nothing down; use the template private")
	}
	if modifies(descriptor, token(user)) {
		return descriptor.SDDL(), nil
	}
	if d.opt.Token != nil {
		t, err := d.opt.Token(ctx, one.user)
		if err != nil {
			return "", err
		}
		if modifies(descriptor, t) {
			return descriptor.SDDL(), nil
		}
	}
	return "", errors.New("what the folder above hands down does not let the user modify what is in the home; use the template private")
}

// entryOf begins the entry of a home.
func entryOf(one *place) Entry {
	u := one.user
	e := Entry{Location: one.location, Entry: journal.Entry{
		User: u.DownLevelName(), DN: u.DN, DNSDomain: u.DNSDomain, GUID: u.GUID.String(),
		Folder: &journal.FolderChange{Place: one.location.String(), After: &journal.FolderState{}},
	}}
	e.at(one.way)
	return e
}
