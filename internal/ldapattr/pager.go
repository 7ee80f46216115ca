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
	link    *link
	search  search
	wanted  []string // attributes
	deleted bool     // what was deleted is meant
	skim    *skim
	cookie  []byte // where the next page begins
	first   string // DN of the latest entry that was the first of a page
	empty   int    // pages without an entry since
}

// newPager begins a search on a link that is used for nothing else afterwards.
func newPager(l *link, d domain, s search) *pager {
	p := &pager{link: l, search: s, wanted: d.attributes, skim: &skim{}}
	l.tap.skim.Store(p.skim)
	return p
}

// next reads one page, whose entries are still to be decoded, and tells whether it is
// the last. Continuation references (to the configuration, to DNS zones, to child
// domains) are left alone: users live in this domain.
func (p *pager) next(ctx context.Context) (entries []byte, last bool, err error) {
	p.link.raw.patient.Store(true)
	var cookie []byte
	err = p.link.do(ctx, func(conn *ldap.Conn) error {
		paging := ldap.NewControlPaging(pageSize)
		paging.SetCookie(p.cookie)
		controls := []ldap.Control{paging}
		if p.deleted {
			controls = append(controls, ldap.NewControlMicrosoftShowDeleted())
		}
		request := ldap.NewSearchRequest(p.search.base, p.search.scope, ldap.NeverDerefAliases, 0, 0, false,
			p.search.filter, p.wanted, controls)
		result, err := conn.Search(request)
		if err != nil {
			return err
		}
		paged, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
		if !ok {
			return nil // a directory that knows no pages has sent all
		}
		cookie = paged.Cookie
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	entries = p.skim.page()
	endless, err := p.endless(entries, cookie)
	if err == nil && endless {
		err = &Error{Kind: ErrServer, Op: "list", Object: "users", Err: errEndless}
	}
	p.cookie = cookie
	return entries, len(cookie) == 0, err
}

// endless recognizes a page that came before, and one empty page too many. The
// cookie alone tells nothing: Samba's is the same for all pages of a search.
func (p *pager) endless(entries, cookie []byte) (bool, error) {
	if len(entries) == 0 {
		p.empty++
		return p.empty > maxEmpty && len(cookie) > 0, nil
	}
	entry, _, err := decodeEntry(entries)
	if err != nil {
		return false, err
	}
	again := entry.DN == p.first && bytes.Equal(cookie, p.cookie)
	p.first, p.empty = entry.DN, 0
	return again && len(cookie) > 0, nil
}
