package smbtest

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Crowd counts who is there at once.
type Crowd struct {
	mu                    sync.Mutex
	connections, requests int
	most                  Most
}

// Most are the largest numbers so far.
type Most struct {
	Connections int // with a session, at a time
	Requests    int // of one connection that are under way
	All         int // of all connections
}

// Most returns the largest numbers so far.
func (c *Crowd) Most() Most {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.most
}

func (c *Crowd) now() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests
}

// Full is closed when n requests are under way, and a moment for one too many has passed;
// after some seconds in any case.
func (c *Crowd) Full(n int, moment time.Duration) <-chan struct{} {
	full := make(chan struct{})
	go func() {
		defer close(full)
		poll, patience := time.Tick(time.Millisecond), time.After(20*time.Second)
		for c.now() < n {
			select {
			case <-poll:
			case <-patience:
				return
			}
		}
		<-time.After(moment)
	}()
	return full
}

// Start serves on 127.0.0.1 until the test ends, connections side by side and, once there
// is a session, its requests, too. It returns the port.
func (s *Server) Start(t testing.TB) (port string) {
	t.Helper()
	return start(t, func(conn net.Conn) { s.visit(conn).talk() })
}

func start(t testing.TB, talk func(net.Conn)) (port string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer conn.Close()
				talk(conn)
			})
		}
	})
	t.Cleanup(func() { _ = listener.Close(); running.Wait() })
	_, port, err = net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// talk answers what comes before there is a session one by one.
func (v *visit) talk() {
	var running sync.WaitGroup
	defer running.Wait()
	own, entered := 0, false
	for {
		request, err := v.next()
		if err != nil {
			break
		}
		if commandOf(request) <= Setup {
			if v.reply(request, func() {}) != nil {
				break
			}
			continue
		}
		v.Crowd.arrive(&own, &entered)
		running.Go(func() {
			_ = v.reply(request, func() { v.Crowd.leave(&own) }) // whoever hung up is noticed by the next read
		})
	}
	v.Crowd.goAway(entered)
}

func (c *Crowd) arrive(own *int, entered *bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !*entered {
		*entered = true
		c.connections++
	}
	*own++
	c.requests++
	c.most.Connections = max(c.most.Connections, c.connections)
	c.most.Requests = max(c.most.Requests, *own)
	c.most.All = max(c.most.All, c.requests)
}

func (c *Crowd) leave(own *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*own--
	c.requests--
}

func (c *Crowd) goAway(entered bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if entered {
		c.connections--
	}
}
