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
	waiting  list.List // of *Visit: not logged in, the oldest first
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
	since    time.Time     // when it began to wait
	overall  *list.Element // in the gate's waiting; nil when logged in or gone
	position *list.Element // in the source's waiting
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

// patience is how long a connection may go without a login before it has to make
// room for another one where a limit is reached.
const patience = time.Second

// Enter asks for a new connection of client. evict, which must not wait, is called
// at most once, from any goroutine, when the connection has to make room: where a
// limit is reached, the oldest connection without a login goes, unless it has come
// just now, so that silent ones cannot keep out those who log in.
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
	}
	s := g.sources[from]
	if s == nil {
		s = &source{}
	}
	crowd, full := &s.waiting, reached(s.open, g.cfg.MaxPerAddress)
	if !full && reached(g.total, g.cfg.MaxConnections) {
		crowd, full = &g.waiting, true
	}
	if full {
		oldest := crowd.Front()
		if oldest == nil || g.now().Sub(oldest.Value.(*Visit).since) < patience {
			return nil, Full, nil
		}
		out := oldest.Value.(*Visit)
		g.leave(out)
		evicted = out.evict
	}
	g.sources[from] = s // who made room may have been its last
	v = &Visit{gate: g, client: client, from: from, evict: evict}
	s.open++
	g.total++
	g.wait(v)
	return v, Admitted, evicted
}

// wait puts a connection without a login where the limits look for one.
func (g *Gate) wait(v *Visit) {
	v.since = g.now()
	v.overall, v.position = g.waiting.PushBack(v), g.sources[v.from].waiting.PushBack(v)
}

// settle is the opposite of wait.
func (g *Gate) settle(v *Visit) {
	if v.overall != nil {
		g.waiting.Remove(v.overall)
		g.sources[v.from].waiting.Remove(v.position)
		v.overall, v.position = nil, nil
	}
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
	if v.left {
		return true // on its way out; nothing of it is counted any more
	}
	g.logout(v)
	g.settle(v)
	if user != "" {
		g.users[user]++
		v.user = user
	}
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
	if !v.left && v.overall == nil {
		g.wait(v)
	}
}

func (g *Gate) leave(v *Visit) {
	if v.left {
		return
	}
	g.logout(v)
	v.left = true
	g.settle(v)
	s := g.sources[v.from]
	g.total--
	if s.open--; s.open == 0 {
		delete(g.sources, v.from)
	}
}
