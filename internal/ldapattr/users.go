package ldapattr

import (
	"context"
	"iter"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// patience is timeouts that a page may take, as long as it goes on.
const patience = 10

// Users yields all users in scope, a page of 1,000 at a time, over a connection
// of its own, which is closed when the loop ends or is left. A page may take longer
// than Config.Timeout, but the domain controller may not be silent for so long.
// After an error nothing follows.
func (d *Directory) Users(ctx context.Context, scope Scope) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		err := eachPage(ctx, d, scope, func(entries []*ldap.Entry) (bool, error) {
			now := time.Now()
			for _, entry := range entries {
				u, err := d.domain.userOf(entry, now)
				if err != nil {
					return false, err
				}
				if !yield(u, nil) {
					return false, nil
				}
			}
			return true, nil
		})
		if err != nil {
			yield(User{}, explain("list", "users", err))
		}
	}
}

// eachPage hands the entries over page by page; use says whether to go on.
func eachPage(ctx context.Context, d *Directory, scope Scope, use func([]*ldap.Entry) (more bool, err error)) error {
	base, filter, err := d.domain.scope(scope)
	if err != nil {
		return err
	}
	connecting, cancel := d.limit(ctx, d.dialer.cfg.timeout())
	defer cancel()
	l, err := d.connectLink(connecting)
	if err != nil {
		return noAnswer(connecting, err)
	}
	defer l.close()
	if scope.Group.kind != nameNone {
		members, err := d.domain.membersOf(connecting, l, scope.Group)
		if err != nil {
			return err
		}
		filter = "(&" + filter + members + ")"
	}
	pages := pager{link: l, search: search{base, ldap.ScopeWholeSubtree, filter}}
	for {
		paging, cancel := d.limit(ctx, patience*d.dialer.cfg.timeout())
		entries, last, err := pages.next(paging)
		cancel()
		if err != nil {
			return err
		}
		if more, err := use(entries); err != nil || !more || last {
			return err
		}
	}
}
