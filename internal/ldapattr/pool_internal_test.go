package ldapattr

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// thing is a pooled connection without a network.
type thing struct {
	dead, closed atomic.Bool
	parkings     int
}

func (c *thing) alive() bool { return !c.dead.Load() }
func (c *thing) park()       { c.parkings++ }
func (c *thing) close()      { c.closed.Store(true) }

func newThings(most int) (*pool[*thing], *atomic.Int32) {
	made := new(atomic.Int32)
	return newPool(most, func(context.Context) (*thing, error) {
		made.Add(1)
		return new(thing), nil
	}), made
}

func taken(t *testing.T, p *pool[*thing], wantReused bool) *thing {
	t.Helper()
	conn, reused, err := p.take(t.Context())
	if err != nil || reused != wantReused {
		t.Fatalf("take: reused %v, %v; want reused %v", reused, err, wantReused)
	}
	return conn
}

func TestPool_keepsHealthyConnections(t *testing.T) {
	p, made := newThings(2)
	a := taken(t, p, false)
	p.give(a)
	if b := taken(t, p, true); b != a || made.Load() != 1 || a.parkings != 1 {
		t.Errorf("another connection came back, %d were made", made.Load())
	}
	p.drop(a)
	if !a.closed.Load() {
		t.Error("a dropped connection is open")
	}
	taken(t, p, false)
}

func TestPool_closesDeadConnections(t *testing.T) {
	p, _ := newThings(2)
	a, b := taken(t, p, false), taken(t, p, false)
	p.give(a)
	p.give(b)
	a.dead.Store(true)
	b.dead.Store(true)
	taken(t, p, false)
	if !a.closed.Load() || !b.closed.Load() {
		t.Error("a dead connection is open")
	}
}

func TestPool_closesOldConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := newThings(1)
		a := taken(t, p, false)
		p.give(a)
		time.Sleep(maxIdle)
		taken(t, p, false)
		if !a.closed.Load() {
			t.Error("an old connection is open")
		}
	})
}

// The connection used last is used first, so what a busy minute has left over is
// never the next one.
func TestPool_closesOldConnectionsBelowFreshOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := newThings(3)
		a, b, c := taken(t, p, false), taken(t, p, false), taken(t, p, false)
		for _, conn := range []*thing{a, b, c} {
			p.give(conn)
		}
		for range 3 {
			time.Sleep(maxIdle / 2)
			if got := taken(t, p, true); got != c {
				t.Fatal("not the latest connection")
			}
			p.give(c)
		}
		if !a.closed.Load() || !b.closed.Load() || c.closed.Load() {
			t.Errorf("closed are %v, %v, %v; want the two that were idle", a.closed.Load(), b.closed.Load(), c.closed.Load())
		}
		if again := taken(t, p, true); again != c {
			t.Error("the fresh one is gone")
		}
	})
}

func TestPool_isBounded(t *testing.T) {
	const most = 3
	p, made := newThings(most)
	var inUse, peak atomic.Int32
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			conn, _, err := p.take(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			if n := inUse.Add(1); n > peak.Load() {
				peak.Store(n)
			}
			inUse.Add(-1)
			if i%3 == 0 {
				p.drop(conn)
				return
			}
			p.give(conn)
		})
	}
	all.Wait()
	if n := peak.Load(); n > most {
		t.Errorf("%d connections at once", n)
	}
	if made.Load() < 17 { // every drop but the last three needs a new one
		t.Errorf("only %d connections were made", made.Load())
	}
}

func TestPool_waitsOnlyAsLongAsTheContext(t *testing.T) {
	p, _ := newThings(1)
	taken(t, p, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := p.take(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPool_failedConnectFreesItsPlace(t *testing.T) {
	fail := errors.New("no")
	p := newPool(1, func(context.Context) (*thing, error) { return nil, fail })
	for range 3 {
		if _, _, err := p.take(t.Context()); !errors.Is(err, fail) {
			t.Fatalf("got %v", err)
		}
	}
}

func TestPool_flushAndShut(t *testing.T) {
	p, _ := newThings(3)
	a, b, c := taken(t, p, false), taken(t, p, false), taken(t, p, false)
	p.give(a)
	p.flush()
	if !a.closed.Load() || b.closed.Load() {
		t.Error("flush ends idle connections and no others")
	}
	p.give(b)
	p.shut()
	p.give(c)
	if !b.closed.Load() || !c.closed.Load() {
		t.Error("after shut a connection is open")
	}
}
