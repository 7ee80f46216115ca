package ldapattr

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	maxFilter = 64 << 10 // octets of Scope.Filter
	patience  = 10       // timeouts that a page may take, as long as it goes on
)

// Users yields all users in scope, a page of 1,000 at a time, over a connection
// of its own, which is closed when the loop ends or is left. A page may take longer
// than Config.Timeout, but the domain controller may not be silent for so long.
// After an error nothing follows.
func (d *Directory) Users(ctx context.Context, scope Scope) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		err := d.eachPage(ctx, scope, func(entries []*ldap.Entry) (bool, error) {
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
func (d *Directory) eachPage(ctx context.Context, scope Scope, use func([]*ldap.Entry) (more bool, err error)) error {
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

// scope checks base and filter before anything is sent. The filter must compile
// by itself, so that it cannot reach beyond the parentheses it is put in.
func (d domain) scope(s Scope) (base, filter string, err error) {
	base, filter = d.info.BaseDN, "(&"+onlyUsers+")"
	if s.OU != "" {
		if _, err := within(s.OU, d.base); err != nil {
			return "", "", &Error{Kind: ErrUsage, Op: "list users below", Object: abridge(s.OU), Err: err}
		}
		base = s.OU
	}
	if s.Filter != "" {
		if len(s.Filter) > maxFilter {
			return "", "", &Error{Kind: ErrUsage, Op: "list users by", Object: "filter", Err: errors.New("is too long")}
		}
		if _, err := ldap.CompileFilter(s.Filter); err != nil {
			return "", "", explain("list users by filter", abridge(s.Filter), err)
		}
		filter = "(&" + onlyUsers + s.Filter + ")"
	}
	return base, filter, nil
}
