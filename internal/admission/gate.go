package admission

import (
	"container/list"
	"log/slog"
	"net/netip"
	"sync"
	"time"
)

// Config is what a Gate goes by. A limit of 0 is none.
type Config struct {
	Networks       Networks // ipSecurity
	MaxConnections int      // in all
	MaxPerAddress  int      // from one address
	MaxPerUser     int      // logged in as one user
	Failures       Failures // denyByFailure
	Log            *slog.Logger
}

// Verdict is the answer to who wants to connect.
type Verdict int

// The verdicts.
const (
	Admitted  Verdict = iota
	Forbidden         // ipSecurity denies the address
	Blocked           // too many logins from the address failed lately
	Full              // a limit is reached
)

// Gate counts who is in. It is safe for concurrent use.
type Gate struct {
	now func() time.Time

	mu       sync.Mutex
	cfg      Config
	total    int
	sources  map[netip.Prefix]*source
	users    map[string]int
	failures failures
}

// source is where connections come from.
type source struct {
	open    int
	waiting list.List // of *Visit: not logged in, the oldest first
}

// Visit is a connection that was let in. One goroutine uses it; the nil Visit is
// one that nobody counts.
type Visit struct {
	gate     *Gate
	client   netip.Addr
	from     netip.Prefix
	evict    func()
	user     string        // of the login that is counted
	position *list.Element // in waiting; nil when logged in or gone
	left     bool
}

// New returns a Gate with nobody in.
func New(cfg Config) *Gate {
	g := &Gate{now: time.Now, sources: map[netip.Prefix]*source{}, users: map[string]int{}}
	g.failures.last = map[netip.Prefix]failure{}
	g.Change(cfg)
	return g
}

// Change goes on by other rules. Who is in stays in, and stays counted.
func (g *Gate) Change(cfg Config) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.cfg = cfg
}

// Enter asks for a new connection of client. evict, which must not wait, is called
// at most once, from any goroutine, when the connection has to make room: an
// address that has reached its limit loses the oldest connection without a login,
// so that silent ones cannot keep out those who log in.
func (g *Gate) Enter(client netip.Addr, evict func()) (*Visit, Verdict) {
	g.mu.Lock()
	v, verdict, evicted := g.enter(client, evict)
	g.mu.Unlock()
	if evicted != nil {
		evicted()
	}
	return v, verdict
}

func (g *Gate) enter(client netip.Addr, evict func()) (v *Visit, verdict Verdict, evicted func()) {
	allowed, listed := g.cfg.Networks.admits(client)
	from := sourceOf(client)
	switch {
	case !allowed:
		return nil, Forbidden, nil
	case !listed && g.cfg.Failures.blocks(g.failures.of(from, g.now(), g.cfg.Failures.Memory)):
		return nil, Blocked, nil
	case reached(g.total, g.cfg.MaxConnections):
		return nil, Full, nil
	}
	s := g.sources[from]
	if s == nil {
		s = &source{}
		g.sources[from] = s
	}
	if reached(s.open, g.cfg.MaxPerAddress) {
		oldest := s.waiting.Front()
		if oldest == nil {
			return nil, Full, nil
		}
		out := oldest.Value.(*Visit)
		g.leave(out)
		evicted = out.evict
		g.sources[from] = s // it may have been the last one
	}
	v = &Visit{gate: g, client: client, from: from, evict: evict}
	s.open++
	g.total++
	v.position = s.waiting.PushBack(v)
	return v, Admitted, evicted
}

func reached(n, limit int) bool { return limit > 0 && n >= limit }

// Login counts the connection as one of user's, and reports whether it may be. ""
// stands for somebody whom no limit knows.
func (v *Visit) Login(user string) bool {
	if v == nil {
		return true
	}
	g := v.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	if user != "" && reached(g.users[user], g.cfg.MaxPerUser) {
		return false
	}
	g.logout(v)
	if v.left {
		return true // on its way out; nothing of it is counted any more
	}
	if user != "" {
		g.users[user]++
		v.user = user
	}
	g.sources[v.from].waiting.Remove(v.position)
	v.position = nil
	return true
}

// Logout ends what Login began. The connection may log in again.
func (v *Visit) Logout() {
	if v == nil {
		return
	}
	v.gate.mu.Lock()
	defer v.gate.mu.Unlock()
	v.gate.logout(v)
}

// Leave ends the visit. It may be called again.
func (v *Visit) Leave() {
	if v == nil {
		return
	}
	v.gate.mu.Lock()
	defer v.gate.mu.Unlock()
	v.gate.leave(v)
}

func (g *Gate) logout(v *Visit) {
	if v.user != "" {
		if g.users[v.user]--; g.users[v.user] == 0 {
			delete(g.users, v.user)
		}
		v.user = ""
	}
	if !v.left && v.position == nil {
		v.position = g.sources[v.from].waiting.PushBack(v)
	}
}

func (g *Gate) leave(v *Visit) {
	if v.left {
		return
	}
	g.logout(v)
	v.left = true
	s := g.sources[v.from]
	s.waiting.Remove(v.position)
	v.position = nil
	g.total--
	if s.open--; s.open == 0 {
		delete(g.sources, v.from)
	}
}
