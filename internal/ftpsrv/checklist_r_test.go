package ftpsrv_test

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// crowd opens silent connections and counts what the server says to them.
type crowd struct {
	mu      sync.Mutex
	conns   []net.Conn
	refused int
}

func (c *crowd) open(t *testing.T, addr string, n int) {
	t.Helper()
	for range n {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		c.conns = append(c.conns, nc)
		go func() {
			text, _ := io.ReadAll(io.LimitReader(nc, 1024))
			c.mu.Lock()
			defer c.mu.Unlock()
			if strings.Contains(string(text), "421 ") {
				c.refused++
				_ = nc.Close()
			}
		}()
	}
}

func (c *crowd) told() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}

func (c *crowd) close() {
	for _, nc := range c.conns {
		_ = nc.Close()
	}
}

// Ten thousand silent connections in the checklist; what counts is that there are
// many more than the limit. Beyond it they are told 421, and who logs in is served
// within a second, from the same address too; nothing is left behind.
func TestChecklist_R1_silentConnections(t *testing.T) {
	const limit, silent = 100, 1500
	for _, tt := range []struct {
		name   string
		limits admission.Config
	}{
		{"per address", admission.Config{MaxPerAddress: limit}},
		{"in total", admission.Config{MaxConnections: limit}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startSite(t, func(cfg *ftpsrv.Config) { cfg.Admission = admission.New(tt.limits) })
			dial(t, s.addr).login()
			goroutines, files := runtime.NumGoroutine(), descriptors(t)
			var all crowd
			defer all.close()
			all.open(t, s.addr, silent)
			eventually(t, fmt.Sprintf("421 for %d of %d, now %d", silent-limit, silent, all.told()), func() bool { return all.told() >= silent-limit })
			<-time.After(1100 * time.Millisecond) // who has come just now stays
			start := time.Now()
			c := dial(t, s.addr)
			c.login()
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("a good client waited %v for its login", took)
			}
			c.close()
			all.close()
			eventually(t, "goroutines as before", func() bool { return runtime.NumGoroutine() <= goroutines })
			eventually(t, "descriptors as before", func() bool { return descriptors(t) <= files })
		})
	}
}

// Clients that send an octet a second have the time for a login, and no more.
func TestChecklist_R1_oneOctetASecond(t *testing.T) {
	s := startSite(t, func(cfg *ftpsrv.Config) { cfg.Connections.UnauthenticatedTimeout = 300 * time.Millisecond })
	clients := make([]*client, 50)
	for i := range clients {
		clients[i] = dial(t, s.addr)
		clients[i].want("220 ")
	}
	start := time.Now()
	for _, c := range clients {
		go func() {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for range tick.C {
				if _, err := c.nc.Write([]byte("N")); err != nil {
					return
				}
			}
		}()
	}
	for _, c := range clients {
		c.want("421 ")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the last one was closed after %v", took)
	}
}

// Connections that are reset at once leave nothing behind.
func TestChecklist_R1_connectAndReset(t *testing.T) {
	s := startSite(t, nil)
	dial(t, s.addr).login()
	goroutines, files := runtime.NumGoroutine(), descriptors(t)
	for range 1000 {
		nc, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = nc.(*net.TCPConn).SetLinger(0)
		_ = nc.Close()
	}
	eventually(t, "goroutines as before", func() bool { return runtime.NumGoroutine() <= goroutines })
	eventually(t, "descriptors as before", func() bool { return descriptors(t) <= files })
	start := time.Now()
	dial(t, s.addr).login()
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a good client waited %v for its login", took)
	}
}

// What a connection costs before its login: the figure of docs/operations.md.
func TestChecklist_R1_memoryBeforeLogin(t *testing.T) {
	const silent, most = 500, 40 << 10
	s := startSite(t, nil)
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	before := held()
	conns := make([]net.Conn, silent)
	for i := range conns {
		nc, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		conns[i] = nc
		// Half a command, as long as one may be: it is held until its end comes.
		if _, err := nc.Write([]byte("USER " + strings.Repeat("x", 4000))); err != nil {
			t.Fatal(err)
		}
	}
	for _, nc := range conns {
		if _, err := io.ReadFull(nc, make([]byte, len("220 "))); err != nil {
			t.Fatal(err)
		}
	}
	each := (int64(held()) - int64(before)) / silent
	t.Logf("%d octets a connection", each)
	if each > most {
		t.Errorf("a connection without a login holds %d octets, want at most %d", each, most)
	}
}

// Failing accepts are neither the end nor a busy loop.
func TestChecklist_R3_failingAccepts(t *testing.T) {
	t.Parallel()
	const fails = 9
	s := newSite(t, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	broken := &flaky{Listener: ln, fails: fails}
	start := time.Now()
	s.serve(t, broken)
	dial(t, s.addr).login()
	// 5, 10, 20 … 640 ms, then a second each: by then it is no loop any more.
	if took, least := time.Since(start), 2200*time.Millisecond; took < least {
		t.Errorf("served after %v, want at least %v of waiting", took, least)
	}
	if n := strings.Count(s.diag.String(), "msg=accept"); n != fails {
		t.Errorf("%d lines in the log for %d failures", n, fails)
	}
}
