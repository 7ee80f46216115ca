package dtp_test

import (
	"io"
	"net"
	"net/netip"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
)

// Row 1.3: when Dial returns, and so before PORT is answered, the handshake has
// begun. Over loopback it has even ended: the client finds the connection in
// its queue without waiting.
func TestDial_handshakeStartsBeforeItReturns(t *testing.T) {
	c, _ := open(t)
	for i := range 100 {
		ln, addr := dataPort(t, "tcp4", "127.0.0.1:0")
		raw, err := ln.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Dial(t.Context(), addr); err != nil {
			t.Fatal(err)
		}
		var n int
		err = raw.Control(func(fd uintptr) {
			n, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		})
		if err != nil || n != 1 {
			t.Fatalf("round %d: nobody has connected when Dial returns (%v)", i, err)
		}
		if !c.Established() {
			t.Fatalf("round %d: the handshake has ended, and Established is false", i)
		}
		acquire(t, c).Close()
		c.Release()
		ln.Close()
	}
}

// No descriptor is left, whatever way a data connection ends.
func TestChannel_leavesNoDescriptor(t *testing.T) {
	c, _ := open(t)
	round := func() {
		_, client := passive(t, c)
		c.Release()
		client.Close()
		listen(t, c) // given up unused
		ln, addr := dataPort(t, "tcp4", "127.0.0.1:0")
		if err := c.Dial(t.Context(), addr); err != nil {
			t.Fatal(err)
		}
		acquire(t, c)
		c.Abort(0, 0)
		ln.Close()
		if err := c.Dial(t.Context(), addr); err != nil { // refused
			t.Fatal(err)
		}
	}
	round()
	before := descriptors(t)
	for range 200 {
		round()
	}
	c.Close()
	eventually(t, "descriptors are closed", func() bool { return descriptors(t) <= before })
}

func descriptors(t *testing.T) int {
	t.Helper()
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

// A bare *net.TCPConn of the kernel's plain TCP is what sendfile and splice
// need; a multipath socket or a wrapper would not do.
func TestAcquire_plainTCP(t *testing.T) {
	c, _ := open(t)
	ln, addr := dataPort(t, "tcp4", "127.0.0.1:0")
	if err := c.Dial(t.Context(), addr); err != nil {
		t.Fatal(err)
	}
	wantPlain(t, acquire(t, c))
	c.Abort(0, 0)
	ln.Close()
	server, _ := passive(t, c)
	wantPlain(t, server)
}

func wantPlain(t *testing.T, conn *net.TCPConn) {
	t.Helper()
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var proto, noDelay, flags int
	err = raw.Control(func(fd uintptr) {
		proto, _ = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PROTOCOL)
		noDelay, _ = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NODELAY)
		flags, _ = unix.FcntlInt(fd, unix.F_GETFL, 0)
	})
	if err != nil || proto != unix.IPPROTO_TCP || noDelay == 0 || flags&unix.O_NONBLOCK == 0 {
		t.Errorf("protocol %d, no delay %d, flags %#x, %v", proto, noDelay, flags, err)
	}
}

func BenchmarkChannel_passive(b *testing.B) {
	c := dtp.New(dtp.Config{Local: loopback, Peer: loopback})
	defer c.Close()
	b.ReportAllocs()
	for b.Loop() {
		addr, err := c.Listen(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		client := benchDial(b, addr)
		if _, err := c.Acquire(b.Context()); err != nil {
			b.Fatal(err)
		}
		c.Release()
		if _, err := io.Copy(io.Discard, client); err != nil {
			b.Fatal(err)
		}
		client.Close()
	}
}

func benchDial(b *testing.B, addr netip.AddrPort) net.Conn {
	b.Helper()
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		b.Fatal(err)
	}
	return conn
}
