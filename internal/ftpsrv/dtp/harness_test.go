package dtp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// patience bounds every wait of these tests; none lasts that long when it passes.
const patience = 10 * time.Second

// recorder collects events in order.
type recorder struct {
	mu     sync.Mutex
	events []dtp.Event
}

func (r *recorder) add(e dtp.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// rows returns the events so far as kind, Win32 status and sub-status.
func (r *recorder) rows() (rows []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		kind := map[dtp.EventKind]string{dtp.Opened: "opened", dtp.Closed: "closed"}[e.Kind]
		rows = append(rows, fmt.Sprintf("%s %d %d", kind, uint32(e.Win32), e.SubStatus))
	}
	return rows
}

func (r *recorder) want(t *testing.T, want ...string) {
	t.Helper()
	if got := r.rows(); !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
}

// open makes a channel between loopback addresses; at the end of the test it is
// closed and must have left no port and no goroutine.
func open(t *testing.T, change ...func(*dtp.Config)) (*dtp.Channel, *recorder) {
	t.Helper()
	ports, err := dtp.NewPorts(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	rec := &recorder{}
	cfg := dtp.Config{Ports: ports, Local: loopback, Peer: loopback, Timeout: patience, OnEvent: rec.add}
	for _, f := range change {
		f(&cfg)
	}
	c := dtp.New(cfg)
	t.Cleanup(func() {
		c.Close()
		if n := cfg.Ports.InUse(); n != 0 {
			t.Errorf("%d ports are still taken after Close", n)
		}
		eventually(t, "goroutines end", func() bool { return !bytes.Contains(stacks(), []byte("dtp.(*link)")) })
	})
	return c, rec
}

func stacks() []byte {
	buf := make([]byte, 1<<20)
	return buf[:runtime.Stack(buf, true)]
}

// eventually polls for what happens in another goroutine or in the kernel.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !cond(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

func listen(t *testing.T, c *dtp.Channel) netip.AddrPort {
	t.Helper()
	addr, err := c.Listen(t.Context())
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	return addr
}

func acquire(t *testing.T, c *dtp.Channel) *net.TCPConn {
	t.Helper()
	conn, err := c.Acquire(t.Context())
	if err != nil {
		t.Fatalf("Acquire: %v", err)
	}
	return conn
}

// join connects to a passive port, from the given address unless it is nil.
func join(t *testing.T, to netip.AddrPort, from net.Addr) *net.TCPConn {
	t.Helper()
	d := net.Dialer{Timeout: patience, LocalAddr: from}
	conn, err := d.DialContext(context.Background(), "tcp", to.String())
	if err != nil {
		t.Fatalf("connect to data port: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return conn.(*net.TCPConn)
}

// passive goes through PASV and connect to an acquired connection.
func passive(t *testing.T, c *dtp.Channel) (server, client *net.TCPConn) {
	t.Helper()
	client = join(t, listen(t, c), nil)
	return acquire(t, c), client
}

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.Errno(10054))
}

// wantReset fails unless the peer of conn has reset it.
func wantReset(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := io.Copy(io.Discard, conn); !isReset(err) {
		t.Errorf("reading from the data connection: %v, want a reset", err)
	}
}

// knock connects to a passive port and must be reset. That can happen before the
// system call that connects has returned.
func knock(t *testing.T, to netip.AddrPort, from net.Addr) {
	t.Helper()
	d := net.Dialer{Timeout: patience, LocalAddr: from}
	conn, err := d.DialContext(t.Context(), "tcp", to.String())
	if err == nil {
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(patience))
		_, err = io.Copy(io.Discard, conn)
	}
	if !isReset(err) {
		t.Errorf("connecting to %v: %v, want a reset", to, err)
	}
}
