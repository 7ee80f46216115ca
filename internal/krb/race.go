package krb

import (
	"context"
	"fmt"
	"net"
	"time"
)

// headStart is how long one KDC may take to accept a connection before the next
// is tried beside it (as RFC 8305, section 5, does it with addresses): one that has
// gone silently costs a login no more than that.
const headStart = 250 * time.Millisecond

// connected is the outcome of a race for a connection.
type connected struct {
	conn     net.Conn // nil: nobody took one
	address  string
	rest     []string // who has neither failed nor won, who was not slow first
	failures []error
}

// dialed is what became of one KDC.
type dialed struct {
	number int
	conn   net.Conn
	err    error
}

// race is connections on their way. Nothing but connections: a request goes to the
// winner alone.
type race struct {
	list    []string
	results chan dialed
	started int
	running map[int]bool
}

// connect returns the first connection that one of the KDCs accepts. When it
// returns, no attempt is under way any more.
func connect(ctx context.Context, list []string) connected {
	ctx, cancel := context.WithCancel(ctx)
	r := &race{list: list, results: make(chan dialed), running: map[int]bool{}}
	var won connected
	slow := time.NewTicker(headStart)
	defer slow.Stop()
	r.start(ctx)
	for won.conn == nil && len(r.running) > 0 {
		select {
		case <-slow.C:
			r.start(ctx)
		case d := <-r.results:
			delete(r.running, d.number)
			if d.err == nil {
				won.conn, won.address = d.conn, list[d.number]
				continue
			}
			won.failures = append(won.failures, fmt.Errorf("KDC %s: %w", list[d.number], noAnswer(ctx, d.err)))
			r.start(ctx)
		}
	}
	if won.conn != nil {
		won.rest = r.rest()
	}
	cancel()
	for range r.running {
		if d := <-r.results; d.conn != nil {
			_ = d.conn.Close()
		}
	}
	return won
}

// start tries the next KDC, if there is one.
func (r *race) start(ctx context.Context) {
	if r.started == len(r.list) {
		return
	}
	number := r.started
	r.started++
	r.running[number] = true
	go func() {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.list[number])
		r.results <- dialed{number, conn, err}
	}()
}

// rest lists those that were not tried yet and then the slow ones.
func (r *race) rest() []string {
	rest := append([]string(nil), r.list[r.started:]...)
	for number := range r.started {
		if r.running[number] {
			rest = append(rest, r.list[number])
		}
	}
	return rest
}
