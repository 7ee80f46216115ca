package ldapattr

import (
	"context"
	"iter"
	"sync"

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
			for _, u := range p.users {
				if !yield(u, nil) {
					return
				}
			}
			if p.err != nil {
				yield(User{}, p.err)
				return
			}
		}
	}
}

// page is users on their way to the loop.
type page struct {
	users []User
	err   error // after them
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
	pages := pager{domain: d.domain, link: link, search: search{base, ldap.ScopeWholeSubtree, filter}}
	for {
		paging, cancel := d.limit(ctx, patience*d.dialer.cfg.timeout())
		users, last, err := pages.next(paging)
		cancel()
		if err != nil {
			return err
		}
		if !l.give(page{users: users}) || last {
			return nil
		}
	}
}
