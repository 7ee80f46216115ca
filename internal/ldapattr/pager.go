package ldapattr

import (
	"bytes"
	"context"
	"errors"

	"github.com/go-ldap/ldap/v3"
)

const (
	pageSize = 1000 // AD's MaxPageSize
	maxEmpty = 100  // pages without an entry in a row; a DC cuts a page short that takes it long
)

// errEndless: so many pages are not of a real directory.
var errEndless = errors.New("the domain controller sends pages without end")

// pager reads one search page by page (RFC 2696).
type pager struct {
	link   *link
	search search
	cookie []byte // where the next page begins
	first  string // DN of the latest entry that was the first of a page
	empty  int    // pages without an entry since
}

// next reads one page and tells whether it is the last. Continuation references
// (to the configuration, to DNS zones, to child domains) are left alone: users
// live in this domain.
func (p *pager) next(ctx context.Context) (entries []*ldap.Entry, last bool, err error) {
	p.link.raw.patient.Store(true)
	var cookie []byte
	err = p.link.do(ctx, func(conn *ldap.Conn) error {
		paging := ldap.NewControlPaging(pageSize)
		paging.SetCookie(p.cookie)
		result, err := conn.Search(ldap.NewSearchRequest(p.search.base, p.search.scope, ldap.NeverDerefAliases, 0, 0, false,
			p.search.filter, userAttributes(), []ldap.Control{paging}))
		if err != nil {
			return err
		}
		entries = result.Entries
		if answer, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
			cookie = answer.Cookie
		}
		return nil
	})
	if err == nil && p.endless(entries, cookie) {
		err = &Error{Kind: ErrServer, Op: "list", Object: "users", Err: errEndless}
	}
	p.cookie = cookie
	return entries, len(cookie) == 0, err
}

// endless recognizes a page that came before, and one empty page too many. The
// cookie alone tells nothing: Samba's is the same for all pages of a search.
func (p *pager) endless(entries []*ldap.Entry, cookie []byte) bool {
	if len(entries) == 0 {
		p.empty++
		return p.empty > maxEmpty && len(cookie) > 0
	}
	again := entries[0].DN == p.first && bytes.Equal(cookie, p.cookie)
	p.first, p.empty = entries[0].DN, 0
	return again && len(cookie) > 0
}
