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
	return func(yield func(User, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		l := listing{pages: make(chan page), left: make(chan struct{})}
		var running sync.WaitGroup
		running.Go(func() {
			defer close(l.pages)
			if err := l.list(ctx, d, scope); err != nil {
				l.give(page{err: explain("list", "users", err)})
			}
		})
		defer running.Wait()
		defer close(l.left)
		defer cancel()
		for p := range l.pages {
			now := time.Now()
			for len(p.entries) > 0 {
				u, rest, err := d.domain.userIn(p.entries, now)
				if !yield(u, explain("list", "users", err)) || err != nil {
					return
				}
				p.entries = rest
			}
			if p.err != nil {
				yield(User{}, p.err)
				return
			}
		}
	}
}

// userIn decodes the entry at the beginning, and returns those that follow.
func (d domain) userIn(entries []byte, now time.Time) (User, []byte, error) {
	entry, rest, err := decodeEntry(entries)
	if err != nil {
		return User{}, nil, err
	}
	u, err := d.userOf(entry, now)
	return u, rest, err
}

// page is entries on their way to the loop, where they are decoded.
type page struct {
	entries []byte
	err     error // after them
}

// listing is one call of Users.
type listing struct {
	pages chan page
	left  chan struct{} // closed when the loop has ended
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
func (l *listing) list(ctx context.Context, d *Directory, scope Scope) error {
	base, filter, err := d.domain.scope(scope)
	if err != nil {
		return err
	}
	connecting, cancel := d.limit(ctx, d.dialer.cfg.timeout())
	defer cancel()
	link, err := d.connectLink(connecting)
	if err != nil {
		return noAnswer(connecting, err)
	}
	defer link.close()
	if scope.Group.kind != nameNone {
		members, err := d.domain.membersOf(connecting, link, scope.Group)
		if err != nil {
			return err
		}
		filter = "(&" + filter + members + ")"
	}
	pages := newPager(link, d.domain, search{base, ldap.ScopeWholeSubtree, filter})
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
