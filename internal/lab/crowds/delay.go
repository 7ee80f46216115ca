package crowds

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Delay passes TCP connections on to address (host:port) and adds roundTrip to each round trip, half of it on the way
// there and half on the way back; how much can be under way is not limited. It listens on the same host, at the port
// that it returns, so that names and certificates still fit. It ends with the test.
func Delay(tb testing.TB, address string, roundTrip time.Duration) (port string) {
	tb.Helper()
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		tb.Fatal(err)
	}
	line := line{address: address, way: roundTrip / 2}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			running.Go(func() { line.serve(ctx, near) })
		}
	})
	tb.Cleanup(func() { cancel(); _ = ln.Close(); running.Wait() })
	_, port, _ = net.SplitHostPort(ln.Addr().String())
	return port
}

// line is a long way to an address.
type line struct {
	address string
	way     time.Duration // one way
}

// serve serves one connection until either side ends it, or ctx.
func (l line) serve(ctx context.Context, near net.Conn) {
	defer near.Close()
	wait(ctx, 2*l.way) // the SYN there and the SYN-ACK back, which the kernel has exchanged already
	far, err := new(net.Dialer).DialContext(ctx, "tcp", l.address)
	if err != nil {
		return
	}
	defer far.Close()
	both, end := context.WithCancel(ctx)
	defer end()
	defer context.AfterFunc(both, func() { _, _ = near.Close(), far.Close() })()
	var ways sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		ways.Go(func() { defer end(); l.carry(both, way[1], way[0]) })
	}
	ways.Wait()
}

// piece is octets and when they are due.
type piece struct {
	octets []byte
	due    time.Time
}

// carry copies from one side to the other, each piece a way's time after it came.
func (l line) carry(ctx context.Context, to io.Writer, from io.Reader) {
	pieces := make(chan piece, 4096)
	var writing sync.WaitGroup
	writing.Go(func() {
		for p := range pieces {
			wait(ctx, time.Until(p.due))
			_, _ = to.Write(p.octets) // where nobody takes it any more the reader ends, too
		}
	})
	defer writing.Wait()
	defer close(pieces)
	for {
		octets := make([]byte, 32<<10)
		n, err := from.Read(octets)
		if n > 0 {
			pieces <- piece{octets[:n], time.Now().Add(l.way)}
		}
		if err != nil {
			return
		}
	}
}

// wait waits, but not beyond ctx.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
