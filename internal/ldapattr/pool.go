package ldapattr

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxIdle is how long an unused connection is kept. It is shorter than a domain
// controller's own limit (15 minutes) and than most firewalls' patience.
const maxIdle = 2 * time.Minute

// pooled is a connection that a pool can keep.
type pooled interface {
	alive() bool // false when the peer has closed it or sent something unasked
	park()       // begins an idle time
	close()
}

// pool hands out connections, each to one caller at a time, at most so many at
// once. A caller that cancels therefore ends only its own connection.
type pool[T pooled] struct {
	connect func(context.Context) (T, error)
	slots   chan struct{}

	mu     sync.Mutex
	idle   []parked[T]
	closed bool
}

// parked is an idle connection.
type parked[T pooled] struct {
	conn  T
	since time.Time
}

// newPool makes a pool of at most so many connections in use.
func newPool[T pooled](most int, connect func(context.Context) (T, error)) *pool[T] {
	return &pool[T]{connect: connect, slots: make(chan struct{}, most)}
}

// take returns a connection, kept or new; reused tells which. It must go back
// through give or drop.
func (p *pool[T]) take(ctx context.Context) (conn T, reused bool, err error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return conn, false, ctx.Err()
	}
	if conn, ok := p.kept(); ok {
		return conn, true, nil
	}
	conn, err = p.connect(ctx)
	if err != nil {
		<-p.slots
	}
	return conn, false, err
}

// kept returns the idle connection used last, if one is alive.
func (p *pool[T]) kept() (T, bool) {
	p.reap()
	for {
		p.mu.Lock()
		last := len(p.idle) - 1
		if last < 0 {
			p.mu.Unlock()
			var none T
			return none, false
		}
		found := p.idle[last]
		p.idle = p.idle[:last]
		p.mu.Unlock()
		if found.conn.alive() {
			return found.conn, true
		}
		found.conn.close()
	}
}

// reap ends what has been idle for too long. Since the latest is used first, the
// old ones would otherwise stay for as long as that one suffices.
func (p *pool[T]) reap() {
	p.mu.Lock()
	n := slices.IndexFunc(p.idle, func(c parked[T]) bool { return time.Since(c.since) < maxIdle })
	if n < 0 {
		n = len(p.idle)
	}
	old := slices.Clone(p.idle[:n])
	p.idle = slices.Delete(p.idle, 0, n)
	p.mu.Unlock()
	for _, c := range old {
		c.conn.close()
	}
}

// give returns a healthy connection.
func (p *pool[T]) give(conn T) {
	defer func() { <-p.slots }()
	p.reap()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		conn.close()
		return
	}
	conn.park()
	p.idle = append(p.idle, parked[T]{conn, time.Now()})
}

// drop ends a connection that failed.
func (p *pool[T]) drop(conn T) {
	defer func() { <-p.slots }()
	conn.close()
}

// flush ends all idle connections: after one was lost the others of the same
// age are suspects.
func (p *pool[T]) flush() {
	p.mu.Lock()
	suspects := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, suspect := range suspects {
		suspect.conn.close()
	}
}

// shut ends all idle connections, and those in use when they come back.
func (p *pool[T]) shut() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.flush()
}
