package ldapattr

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	pageSize  = 1000     // AD's MaxPageSize
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
	var cookie []byte
	for {
		entries, next, err := d.page(ctx, l, search{base, ldap.ScopeWholeSubtree, filter}, cookie)
		if err != nil {
			return err
		}
		more, err := use(entries)
		if err != nil || !more || len(next) == 0 {
			return err
		}
		cookie = next
	}
}

// page reads one page. Continuation references (to the configuration, to DNS
// zones, to child domains) are left alone: users live in this domain.
func (d *Directory) page(ctx context.Context, l *link, s search, cookie []byte) (entries []*ldap.Entry, next []byte, err error) {
	ctx, cancel := d.limit(ctx, patience*d.dialer.cfg.timeout())
	defer cancel()
	l.raw.patient.Store(true)
	err = l.do(ctx, func(conn *ldap.Conn) error {
		paging := ldap.NewControlPaging(pageSize)
		paging.SetCookie(cookie)
		result, err := conn.Search(ldap.NewSearchRequest(s.base, s.scope, ldap.NeverDerefAliases, 0, 0, false,
			s.filter, userAttributes(), []ldap.Control{paging}))
		if err != nil {
			return err
		}
		entries = result.Entries
		if answer, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
			next = answer.Cookie
		}
		return nil
	})
	return entries, next, err
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
