package adsim

import (
	"context"
	"sync"
)

// maxInFlight bounds the requests that one connection runs at a time; the next
// one is not read before a slot is free.
const maxInFlight = 16

// pending knows the requests of one connection that run now.
type pending struct {
	mu      sync.Mutex
	cancels map[int64]context.CancelFunc
	slots   chan struct{}
	running sync.WaitGroup
}

func newPending() *pending {
	return &pending{cancels: make(map[int64]context.CancelFunc), slots: make(chan struct{}, maxInFlight)}
}

// start waits for a slot and registers the message id. It fails when ctx is done
// or the id is in use.
func (p *pending) start(ctx context.Context, id int64) (context.Context, bool) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, taken := p.cancels[id]; taken {
		<-p.slots
		return nil, false
	}
	ctx, cancel := context.WithCancel(ctx)
	p.cancels[id] = cancel
	p.running.Add(1)
	return ctx, true
}

// done ends what start began.
func (p *pending) done(id int64) {
	p.mu.Lock()
	p.cancels[id]()
	delete(p.cancels, id)
	p.mu.Unlock()
	<-p.slots
	p.running.Done()
}

// abandon stops a request if it still runs; it is never answered (RFC 4511, 4.11).
func (p *pending) abandon(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cancel, ok := p.cancels[id]; ok {
		cancel()
	}
}
