package adsim

import (
	"context"
	"slices"
	"time"
)

// AD's limits (MS-ADTS 3.1.1.3.4.6, lDAPAdminLimits).
const (
	maxPageSize      = 1000 // entries of one answer, paged or not
	maxQueryDuration = 120 * time.Second
)

// opSearch answers a search (RFC 4511, 4.5). Before a bind only the rootDSE is there.
func opSearch(ctx context.Context, c *conn, r *request) (result, error) {
	d := c.server.dir
	q, err := decodeQuery(d, r.body)
	if err != nil {
		return result{}, err
	}
	c.server.counters.filter(q.filter.String())
	if q.base == "" && q.scope == scopeBase {
		return result{}, c.out.send(c.server.encodeRootDSE(r.id, q), false)
	}
	if c.who == nil {
		return result{}, refuseAnonymous()
	}
	below, dead := q.base, false
	if r.controls.showDeleted && isAdmin(d, c.who) && normDN(q.base) == graveyard(d) {
		below, dead = d.domain.base.text(), true
	}
	n, err := d.resolve(below)
	if err != nil {
		return result{}, err
	}
	base := n.current.Load()
	if base == nil {
		return result{}, refuseObject("")
	}
	s := &search{conn: c, request: r, query: q, base: base, limit: maxPageSize}
	s.view = view{dir: d, reader: c.who, selection: q.selection, typesOnly: q.typesOnly, parts: r.controls.parts}
	s.deadline = r.received.Add(maxQueryDuration)
	if q.timeLimit > 0 {
		s.deadline = r.received.Add(min(time.Duration(q.timeLimit)*time.Second, maxQueryDuration))
	}
	if r.controls.sync != nil {
		return s.sync(ctx, r.controls.sync)
	}
	if err := s.applyLimits(); err != nil {
		return result{}, err
	}
	if dead {
		return s.exhume()
	}
	return s.run(ctx, n)
}

// search is one search under way.
type search struct {
	conn     *conn
	request  *request
	query    *query
	base     *record
	limit    int // entries of this answer
	cut      bool
	from     uint64 // number of the first node to look at
	deadline time.Time
	view     view
	encoder  encoder
	sent     int
}

// applyLimits merges the client's limits, the server's, the page and the fault.
func (s *search) applyLimits() error {
	if n := s.query.sizeLimit; n > 0 && n < s.limit {
		s.limit, s.cut = n, true
	}
	if page := s.request.controls.page; page != nil {
		if page.cookie != "" {
			from, ok := s.conn.key.openCookie(page.cookie, s.query)
			if !ok {
				return refuse(unwillingToPerform, errInvalidParameter, "the page cookie is not of this search and connection")
			}
			s.from = from
		}
		if page.size < s.limit {
			s.limit, s.cut = page.size, false
		}
	}
	if n := s.conn.server.faults.Load().SizeLimit; n > 0 && n < s.limit {
		s.limit, s.cut = n, true
	}
	return nil
}

// run looks at the entries in order and sends those that fit.
func (s *search) run(ctx context.Context, n *node) (result, error) {
	page := s.request.controls.page
	if page != nil && page.size == 0 && page.cookie != "" {
		return result{controls: encodePage("")}, nil // the client gives the rest up (RFC 2696, 3)
	}
	nodes := s.nodes(n)
	start, _ := slices.BinarySearchFunc(nodes, s.from, func(n *node, from uint64) int { return int(n.number) - int(from) })
	for i, n := range nodes[start:] {
		if i%64 == 0 {
			if ctx.Err() != nil {
				return result{}, nil
			}
			if time.Now().After(s.deadline) {
				return result{}, refuse(timeLimitExceeded, errTimeLimit, "the search took too long")
			}
		}
		r := n.current.Load()
		if r == nil || !s.fits(r) {
			continue
		}
		if s.sent == s.limit {
			return s.full(n)
		}
		if err := s.send(r); err != nil {
			return result{}, err
		}
	}
	return s.finish()
}

// nodes returns what may fit, each once and in order of creation.
func (s *search) nodes(base *node) []*node {
	if s.query.scope == scopeBase {
		return []*node{base}
	}
	if found, ok := candidates(s.conn.server.dir, s.query.filter); ok {
		slices.SortFunc(found, func(a, b *node) int { return int(a.number) - int(b.number) })
		return slices.Compact(found)
	}
	return s.conn.server.dir.store.snapshot()
}

// fits tells whether an entry is in scope and matches. Naming contexts are
// searched one at a time, although one lies below the other by name.
func (s *search) fits(r *record) bool {
	switch s.query.scope {
	case scopeBase:
	case scopeOne:
		if r.context != s.base.context || parentNorm(r.norm) != s.base.norm {
			return false
		}
	case scopeSub:
		if r.context != s.base.context || !within(r.norm, s.base.norm) {
			return false
		}
	}
	d := s.conn.server.dir
	return s.query.filter.eval(func(t *attrType) []string { return d.values(r, t) }) == yes
}

func (s *search) send(r *record) error {
	s.sent++
	s.view.encode(&s.encoder, s.request.id, r)
	return s.conn.out.send(s.encoder.buf, false)
}

// full ends an answer when next would be one too many.
func (s *search) full(next *node) (result, error) {
	if s.request.controls.page != nil && !s.cut {
		return result{controls: encodePage(s.conn.key.newCookie(next.number, s.query))}, nil
	}
	return result{}, refuse(sizeLimitExceeded, errSizeLimit, "there are more entries than the limit")
}

// finish ends a complete answer. A subtree search from the top of the domain also
// points to what lies below it by name and is a naming context of its own.
func (s *search) finish() (result, error) {
	if s.query.scope == scopeSub && !s.request.controls.domainScope {
		for _, uri := range references(s.conn.server.dir, s.base.norm) {
			if err := s.conn.out.send(encodeReference(s.request.id, uri), false); err != nil {
				return result{}, err
			}
		}
	}
	if s.request.controls.page == nil {
		return result{}, nil
	}
	return result{controls: encodePage("")}, nil
}
