package ldapattr

import (
	"bytes"
	"context"
	"errors"
	"time"

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
	domain domain
	link   *link
	search search
	cookie []byte // where the next page begins
	first  string // DN of the latest entry that was the first of a page
	empty  int    // pages without an entry since
}

// next reads one page and tells whether it is the last. Continuation references
// (to the configuration, to DNS zones, to child domains) are left alone: users
// live in this domain.
func (p *pager) next(ctx context.Context) (users []User, last bool, err error) {
	p.link.raw.patient.Store(true)
	var cookie []byte
	err = p.link.do(ctx, func(conn *ldap.Conn) error {
		paging := ldap.NewControlPaging(pageSize)
		paging.SetCookie(p.cookie)
		request := ldap.NewSearchRequest(p.search.base, p.search.scope, ldap.NeverDerefAliases, 0, 0, false,
			p.search.filter, p.domain.attributes, []ldap.Control{paging})
		var err error
		users, cookie, err = p.stream(ctx, conn, request)
		return err
	})
	if err == nil && p.endless(users, cookie) {
		err = &Error{Kind: ErrServer, Op: "list", Object: "users", Err: errEndless}
	}
	p.cookie = cookie
	return users, len(cookie) == 0, err
}

// stream decodes entries as they come: what the library makes of a whole page has
// several times its size.
func (p *pager) stream(ctx context.Context, conn *ldap.Conn, request *ldap.SearchRequest) (users []User, cookie []byte, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	now := time.Now()
	answer := conn.SearchAsync(ctx, request, 16)
	ended := false
	for answer.Next() {
		if entry := answer.Entry(); entry != nil {
			u, err := p.domain.userOf(entry, now)
			if err != nil {
				return users, nil, err
			}
			users = append(users, u)
			continue
		}
		if paging, ok := ldap.FindControl(answer.Controls(), ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
			cookie, ended = paging.Cookie, true
		}
	}
	// The library is silent about some ends that are none.
	if err = answer.Err(); err == nil && !ended && (conn.IsClosing() || ctx.Err() != nil || conn.GetLastError() != nil) {
		err = ldap.NewError(ldap.ErrorNetwork, errCutOff)
	}
	return users, cookie, err
}

// errCutOff: the connection ended within an answer.
var errCutOff = errors.New("the answer was cut off")

// endless recognizes a page that came before, and one empty page too many. The
// cookie alone tells nothing: Samba's is the same for all pages of a search.
func (p *pager) endless(users []User, cookie []byte) bool {
	if len(users) == 0 {
		p.empty++
		return p.empty > maxEmpty && len(cookie) > 0
	}
	again := users[0].DN == p.first && bytes.Equal(cookie, p.cookie)
	p.first, p.empty = users[0].DN, 0
	return again && len(cookie) > 0
}
