package adsim

import (
	"slices"
	"sync"
)

// Stats counts what clients did since New. Requests are counted when they
// arrive, whatever becomes of them: a fault, a refusal or an answer.
type Stats struct {
	Connections int // accepted, those refused by a fault included
	Open        int // connections alive now
	Binds       int // simple binds that carried a password, with or without a name
	ClearBinds  int // those of Binds that crossed an unprotected connection
	EmptyBinds  int // a name with an empty password: success as anonymous (RFC 4513, 5.1.2)
	Searches    int
	Modifies    int
	Adds        int
	Deletes     int
	Filters     []string // the latest search filters that were decoded, RFC 4515 text, oldest first, at most 64
}

// LastFilter returns the filter of the latest search, "" before the first.
func (s Stats) LastFilter() string {
	if len(s.Filters) == 0 {
		return ""
	}
	return s.Filters[len(s.Filters)-1]
}

const keptFilters = 64

// counters guards one Stats; a mutex is enough, since each request takes it once.
type counters struct {
	mu  sync.Mutex
	now Stats
}

func (c *counters) count(change func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.now)
}

func (c *counters) filter(text string) {
	c.count(func(s *Stats) {
		if len(s.Filters) == keptFilters {
			s.Filters = slices.Delete(s.Filters, 0, 1)
		}
		s.Filters = append(s.Filters, text)
	})
}

// request counts a request; secure is how the connection is when it arrives.
func (c *counters) request(op Op, r *request, secure bool) {
	c.count(func(s *Stats) {
		switch op {
		case OpBind:
			s.bind(r, secure)
		case OpSearch:
			s.Searches++
		case OpModify:
			s.Modifies++
		case OpAdd:
			s.Adds++
		case OpDelete:
			s.Deletes++
		}
	})
}

func (s *Stats) bind(r *request, secure bool) {
	b, err := decodeBind(r.body)
	if err != nil || !b.simple {
		return
	}
	switch {
	case b.password != "":
		s.Binds++
		if !secure {
			s.ClearBinds++
		}
	case b.name != "":
		s.EmptyBinds++
	}
}

// Stats returns the counters as they are now.
func (s *Server) Stats() Stats {
	s.counters.mu.Lock()
	defer s.counters.mu.Unlock()
	now := s.counters.now
	now.Filters = slices.Clone(now.Filters)
	return now
}
