package crowds

import (
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
	ln, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		tb.Fatal(err)
	}
	var running sync.WaitGroup
	ended := make(chan struct{})
	running.Go(func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			running.Go(func() { pass(near, address, roundTrip/2, ended) })
		}
	})
	tb.Cleanup(func() { _ = ln.Close(); close(ended); running.Wait() })
	_, port, _ = net.SplitHostPort(ln.Addr().String())
	return port
}

// pass serves one connection until either side ends it.
func pass(near net.Conn, address string, delay time.Duration, ended <-chan struct{}) {
	defer near.Close()
	time.Sleep(delay) // SYN there; the way back of SYN-ACK is the kernel's, so it is added here, too
	time.Sleep(delay)
	far, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer far.Close()
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() { late(way[1], way[0], delay); done <- struct{}{} }()
	}
	left := 2
	select {
	case <-done:
		left--
	case <-ended:
	}
	_, _ = near.Close(), far.Close() // ends the other way, too
	for range left {
		<-done
	}
}

// piece is octets and when they are due.
type piece struct {
	octets []byte
	due    time.Time
}

// late copies from one side to the other, each piece a delay after it came.
func late(to io.Writer, from io.Reader, delay time.Duration) {
	pieces := make(chan piece, 4096)
	var writing sync.WaitGroup
	writing.Go(func() {
		broken := false
		for p := range pieces {
			time.Sleep(time.Until(p.due))
			if !broken {
				_, err := to.Write(p.octets)
				broken = err != nil
			}
		}
	})
	for {
		octets := make([]byte, 32<<10)
		n, err := from.Read(octets)
		if n > 0 {
			pieces <- piece{octets[:n], time.Now().Add(delay)}
		}
		if err != nil {
			break
		}
	}
	close(pieces)
	writing.Wait()
}
