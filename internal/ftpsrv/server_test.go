package ftpsrv_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

func TestNew_needsALogin(t *testing.T) {
	if _, err := ftpsrv.New(ftpsrv.Config{}); err == nil {
		t.Error("a server without a login function was made")
	}
}

// Idle sessions are told; a transfer ends first.
func TestShutdown_letsTransfersEnd(t *testing.T) {
	s := startSite(t, nil)
	idle, busy := dial(t, s.addr), dial(t, s.addr)
	idle.login()
	busy.login()
	dc := busy.passive()
	busy.cmd("STOR up.bin", "125 ")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.stop(t)
	}()
	idle.want("421 Service not available")
	if _, err := idle.line(); err != io.EOF {
		t.Errorf("idle session: %v, want its end", err)
	}
	idle.close()
	if _, err := net.DialTimeout("tcp", s.addr, time.Second); err == nil {
		t.Error("a server that shuts down accepts")
	}
	select {
	case <-ended:
		t.Fatal("Shutdown did not wait for the transfer")
	default:
	}
	_, _ = dc.Write([]byte("whole"))
	_ = dc.Close()
	busy.want("226 ")
	busy.want("421 ")
	busy.close()
	<-ended
	if got, err := s.get("/up.bin"); err != nil || got != "whole" {
		t.Errorf("upload holds %q, %v", got, err)
	}
}

func TestShutdown_cutsOffWhenTimeIsUp(t *testing.T) {
	t.Parallel()
	s := startSite(t, nil)
	c := dial(t, s.addr)
	c.login()
	dc := c.passive()
	c.cmd("STOR up.bin", "125 ")
	_, _ = dc.Write([]byte("half"))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	go func() { _, _ = io.Copy(io.Discard, c.nc) }() // takes the last words
	if err := s.srv.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	if got, err := s.get("/up.bin"); err == nil {
		t.Errorf("half an upload is there: %q", got)
	}
	if log := s.access.String(); !strings.Contains(log, "DataChannelClosed - - 1236 21") {
		t.Errorf("no row for the cut:\n%s", log)
	}
}

// A client that takes no replies cannot hold the server that stops.
func TestShutdown_doesNotWaitForUntakenReplies(t *testing.T) {
	t.Parallel()
	s := startSite(t, nil)
	c := dial(t, s.addr)
	_ = c.nc.SetReadBuffer(4096)
	c.login()
	lines := []byte(strings.Repeat("HELP\r\n", 10000))
	for err := error(nil); err == nil; { // until the session does nothing but write
		_ = c.nc.SetWriteDeadline(time.Now().Add(time.Second))
		_, err = c.nc.Write(lines)
	}
	for rows := -1; rows != len(s.access.String()); time.Sleep(500 * time.Millisecond) {
		rows = len(s.access.String()) // on a loaded machine it may still be reading
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := s.srv.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the client held the server for %v", took)
	}
}

// Serve ends with its context, and a server that was shut down serves no more.
func TestServe_endsWithItsContext(t *testing.T) {
	s := newSite(t, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.srv.Serve(ctx, ln) }()
	c := dial(t, ln.Addr().String())
	c.login()
	cancel()
	c.want("421 ")
	c.close()
	if err := <-done; err != nil {
		t.Errorf("serve: %v", err)
	}
	if err := s.srv.Shutdown(t.Context()); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if err := s.srv.Serve(t.Context(), ln); err != nil {
		t.Errorf("serve after shutdown: %v", err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is open: %v", err)
	}
}

// flaky is a listener without descriptors at first.
type flaky struct {
	net.Listener
	mu     sync.Mutex
	fails  int
	failed int
}

func (f *flaky) Accept() (net.Conn, error) {
	f.mu.Lock()
	failing := f.failed < f.fails
	if failing {
		f.failed++
	}
	f.mu.Unlock()
	if failing {
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return f.Listener.Accept()
}

func TestServe_maxConnections(t *testing.T) {
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Admission = admission.New(admission.Config{MaxConnections: 2})
		cfg.Messages.MaxClients = "Full house\ncome back later"
	})
	first, second := dial(t, s.addr), dial(t, s.addr)
	first.login()
	second.login()
	third := dial(t, s.addr)
	if got := third.want("421 "); got != "421 come back later" {
		t.Errorf("got %q", got)
	}
	if _, err := third.line(); err != io.EOF {
		t.Errorf("the third session: %v, want its end", err)
	}
	third.close()
	first.cmd("QUIT", "221 ")
	first.close()
	eventually(t, "room for a third", func() bool {
		c := dial(t, s.addr)
		defer c.close()
		return strings.HasPrefix(c.reply(), "220 ")
	})
}

// Two goroutines an idle session, nothing after its end.
func TestServe_leavesNothingBehind(t *testing.T) {
	s := startSite(t, nil)
	s.put(t, "/a.txt", []byte("hello"))
	before, files := runtime.NumGoroutine(), descriptors(t)
	idle := make([]*client, 50)
	for i := range idle {
		idle[i] = dial(t, s.addr)
		idle[i].login()
	}
	eventually(t, "two goroutines a session", func() bool { return runtime.NumGoroutine() <= before+2*len(idle) })
	for _, c := range idle {
		c.close()
	}
	sessions(t, s, 1000)
	eventually(t, fmt.Sprintf("%d goroutines as before, now %d", before, runtime.NumGoroutine()),
		func() bool { return runtime.NumGoroutine() <= before })
	eventually(t, "descriptors as before", func() bool { return descriptors(t) <= files })
}

// sessions runs n sessions of several kinds, eight at a time.
func sessions(t *testing.T, s *site, n int) {
	t.Helper()
	work := make(chan int, n)
	for i := range n {
		work <- i
	}
	close(work)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range work {
				session(t, s, i)
			}
		})
	}
	all.Wait()
}

func session(t *testing.T, s *site, i int) {
	c := dial(t, s.addr)
	defer c.close()
	c.login()
	switch i % 5 {
	case 0:
		if got := string(c.retr("a.txt")); got != "hello" {
			t.Errorf("got %q", got)
		}
	case 1:
		if got := c.stor(fmt.Sprintf("up%d", i), []byte("x")); !strings.HasPrefix(got, "226 ") {
			t.Errorf("got %q", got)
		}
	case 2: // a port that nobody uses
		c.cmd("EPSV", "229 ")
	case 3: // hang up in the middle
		dc := c.passive()
		c.cmd(fmt.Sprintf("STOR half%d", i), "1")
		_, _ = dc.Write([]byte("x"))
		return
	case 4: // hang up before the data connection
		c.cmd("EPSV", "229 ")
		c.cmd("RETR a.txt", "150 ")
		return
	}
	c.cmd("QUIT", "221 ")
}

// descriptors counts the process's open files, where the system tells them.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// With resetOnMaxConnections a connection beyond a limit gets no word, and no
// orderly end.
func TestServe_resetOnMaxConnections(t *testing.T) {
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Admission = admission.New(admission.Config{MaxConnections: 1})
		cfg.Connections.ResetOnMaxConnections = true
	})
	dial(t, s.addr).login()
	var got []byte
	nc, err := net.Dial("tcp", s.addr)
	if err == nil { // else the reset was faster than the dialer
		defer nc.Close()
		got, err = io.ReadAll(nc)
	}
	if len(got) > 0 || !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %q, %v, want a reset", got, err)
	}
	eventually(t, "the row of it", func() bool { return strings.Contains(s.access.String(), "ControlChannelClosed - - 0 19") })
}
