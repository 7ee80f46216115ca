package ldapattr

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// patience is timeouts that a page may take, as long as it goes on.
const patience = 10

// Users yields all users in scope, a page of 1,000 at a time, over a connection
// of its own, which is closed when the loop ends or is left. The next page is asked
// for while the one before is in use. A page may take longer than Config.Timeout, but
// the domain controller may not be silent for so long. After an error nothing follows.
func (d *Directory) Users(ctx context.Context, scope Scope) iter.Seq2[User, error] {
	return walk(ctx, d, listing{scope: scope, wanted: d.domain.attributes}, d.domain.userOf)
}

// walk yields what decode makes of the entries of a listing.
func walk[T any](ctx context.Context, d *Directory, l listing, decode func(*ldap.Entry, time.Time) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		l := l // each loop is a listing of its own
		l.pages, l.left = make(chan page), make(chan struct{})
		var running sync.WaitGroup
		running.Go(func() {
			defer close(l.pages)
			if err := l.list(ctx, d); err != nil {
				l.give(page{err: explain("list", "users", err)})
			}
		})
		defer running.Wait()
		defer close(l.left)
		defer cancel()
		for p := range l.pages {
			now := time.Now()
			for len(p.entries) > 0 {
				one, rest, err := decodeNext(p.entries, now, decode)
				if !yield(one, explain("list", "users", err)) || err != nil {
					return
				}
				p.entries = rest
			}
			if p.err != nil {
				var nothing T
				yield(nothing, p.err)
				return
			}
		}
	}
}

// decodeNext decodes the entry at the beginning, and returns those that follow.
func decodeNext[T any](entries []byte, now time.Time, decode func(*ldap.Entry, time.Time) (T, error)) (T, []byte, error) {
	entry, rest, err := decodeEntry(entries)
	if err != nil {
		var nothing T
		return nothing, nil, err
	}
	one, err := decode(entry, now)
	return one, rest, err
}

// page is entries on their way to the loop, where they are decoded.
type page struct {
	entries []byte
	err     error // after them
}

// listing is one call of Users or Accounts.
type listing struct {
	scope      Scope
	wanted     []string // attributes
	stragglers bool     // also what has one of the two attributes and is no user
	pages      chan page
	left       chan struct{} // closed when the loop has ended
}

// give hands a page over, unless the loop has been left.
func (l *listing) give(p page) bool {
	select {
	case l.pages <- p:
		return true
	case <-l.left:
		return false
	}
}

// list gives all pages, and returns early when nobody takes them.
func (l *listing) list(ctx context.Context, d *Directory) error {
	if _, _, err := d.domain.scope(l.scope); err != nil {
		return err
	}
	connecting, cancel := d.limit(ctx, d.dialer.cfg.timeout())
	defer cancel()
	link, err := d.connectLink(connecting)
	if err != nil {
		return noAnswer(connecting, err)
	}
	defer link.close()
	what, err := l.search(connecting, d.domain, link)
	if err != nil {
		return err
	}
	pages := newPager(link, d.domain, what)
	pages.wanted, pages.deleted = l.wanted, l.scope.Deleted
	for {
		paging, cancel := d.limit(ctx, patience*d.dialer.cfg.timeout())
		entries, last, err := pages.next(paging)
		cancel()
		if err != nil {
			return err
		}
		if !l.give(page{entries: entries}) || last {
			return nil
		}
	}
}

// search makes a search of the scope, for which a group is looked up.
func (l *listing) search(ctx context.Context, d domain, link *link) (search, error) {
	base, filter, err := d.scope(l.scope)
	if err != nil {
		return search{}, err
	}
	if l.scope.Deleted {
		return search{"CN=Deleted Objects," + d.namingContext.String(), ldap.ScopeWholeSubtree, withStragglers("(!(objectClass=*))")}, nil
	}
	if l.stragglers {
		filter = withStragglers(filter)
	}
	if l.scope.Group.kind != nameNone {
		members, err := d.membersOf(ctx, link, l.scope.Group)
		if err != nil {
			return search{}, err
		}
		filter = "(&" + filter + members + ")"
	}
	return search{base, ldap.ScopeWholeSubtree, filter}, nil
}
