package adsim

import "slices"

// graveyard is the norm of the container of what was deleted. As on a DC nobody sees it
// without the control Show Deleted, and then administrators alone (MS-ADTS
// 3.1.1.3.4.1.14); here it is no entry, so only searches below it are answered.
func graveyard(d *directory) string { return "cn=deleted objects," + d.domain.base.norm() }

// exhume answers a search below the graveyard. What lies there has kept the two
// attributes, as where the Recycle Bin of Active Directory is on.
func (s *search) exhume() (result, error) {
	st := s.conn.server.dir.store
	st.mu.RLock()
	graves := slices.Clone(st.graves)
	st.mu.RUnlock()
	page := s.request.controls.page
	for _, g := range graves {
		if uint64(g.usn) < s.from || s.query.scope == scopeBase || !s.matches(g.record) {
			continue
		}
		switch {
		case s.sent < s.limit:
			if err := s.send(g.record); err != nil {
				return result{}, err
			}
		case page != nil && !s.cut:
			return result{controls: encodePage(s.conn.key.newCookie(uint64(g.usn), s.query))}, nil
		default:
			return result{}, refuse(sizeLimitExceeded, errSizeLimit, "there are more entries than the limit")
		}
	}
	if page == nil {
		return result{}, nil
	}
	return result{controls: encodePage("")}, nil
}
