package dtp_test

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// dataPort is the client's side of PORT.
func dataPort(t *testing.T, network, addr string) (*net.TCPListener, netip.AddrPort) {
	t.Helper()
	ln, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	tcp := ln.(*net.TCPListener)
	tcp.SetDeadline(time.Now().Add(patience))
	return tcp, tcp.Addr().(*net.TCPAddr).AddrPort()
}

func TestActive_transfer(t *testing.T) {
	c, rec := open(t)
	ln, addr := dataPort(t, "tcp4", "127.0.0.1:0")
	if err := c.Dial(t.Context(), addr); err != nil {
		t.Fatalf("Dial: %v", err)
	}
	// The handshake runs before any transfer command.
	client, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if !c.Armed() || !c.Established() {
		t.Error("connected: want armed and established (row 1.5)")
	}
	rec.want(t, "opened 0 0")
	server := acquire(t, c)
	if _, err := client.Write([]byte("upload")); err != nil {
		t.Fatal(err)
	}
	client.Close()
	if got, err := io.ReadAll(server); string(got) != "upload" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	c.Release()
	rec.want(t, "opened 0 0", "closed 0 0")
	e := rec.events[0]
	if e.Remote != addr || e.Local.Addr() != loopback || e.Local.Port() == 0 {
		t.Errorf("event between %v and %v, want a port of ours and %v", e.Local, e.Remote, addr)
	}
}

func TestActive_refusedByTheClient(t *testing.T) {
	c, rec := open(t)
	ln, addr := dataPort(t, "tcp4", "127.0.0.1:0")
	ln.Close()
	if err := c.Dial(t.Context(), addr); err != nil {
		t.Fatalf("Dial: %v, want the failure in Acquire", err)
	}
	if _, err := c.Acquire(t.Context()); winerr.Of(err) != winerr.BadNetPath {
		t.Errorf("Acquire: %v, want refused", err)
	}
	rec.want(t)
	if c.Armed() {
		t.Error("a failed connection is still armed")
	}
}

// Row 1.10: nobody is connected to on a privileged port; PORT itself succeeds.
func TestActive_privilegedPortIsNotConnectedTo(t *testing.T) {
	c, rec := open(t)
	ln, addr := dataPort(t, "tcp4", "127.0.0.1:0")
	c.SetLowPort(65535)
	if err := c.Dial(t.Context(), addr); err != nil {
		t.Fatalf("Dial: %v", err)
	}
	if !c.Armed() || c.Established() {
		t.Error("want armed, not established")
	}
	rec.want(t)
	if _, err := c.Acquire(t.Context()); !errors.Is(err, winerr.InvalidParameter) {
		t.Errorf("Acquire: %v, want 87", err)
	}
	rec.want(t, "opened 0 0", "closed 87 38")
	if got := rec.events[1].Remote; got != addr {
		t.Errorf("event about %v, want %v", got, addr)
	}
	wantNobody(t, ln)
}

// wantNobody fails if somebody connects, or has connected, to ln.
func wantNobody(t *testing.T, ln *net.TCPListener) {
	t.Helper()
	// A connection of our own is behind all that came before it in the queue.
	own, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if conn.RemoteAddr().String() != own.LocalAddr().String() {
		t.Errorf("%v has connected", conn.RemoteAddr())
	}
}

// D1: the bounce attack. No packet leaves for an address but the client's own.
func TestDial_foreignAddress(t *testing.T) {
	tests := []struct {
		name   string
		peer   string
		any    bool
		target string
	}{
		{"another host", "127.0.0.9", false, "127.0.0.1:PORT"},
		{"mapped IPv6 of another host", "127.0.0.9", false, "[::ffff:127.0.0.1]:PORT"},
		{"unspecified", "127.0.0.1", false, "0.0.0.0:PORT"},
		{"unspecified, to anybody", "127.0.0.9", true, "0.0.0.0:PORT"},
		{"unspecified IPv6", "127.0.0.1", true, "[::]:PORT"},
		{"multicast", "127.0.0.1", true, "224.0.0.1:PORT"},
		{"multicast IPv6", "::1", true, "[ff02::1]:PORT"},
		{"broadcast", "127.0.0.1", true, "255.255.255.255:PORT"},
		{"port 0", "127.0.0.1", false, "127.0.0.1:0"},
		{"ourselves, to anybody", "192.0.2.1", true, "127.0.0.1:PORT"},
		{"another loopback address, to anybody", "192.0.2.1", true, "127.0.0.7:PORT"},
		{"link-local, to anybody", "192.0.2.1", true, "169.254.169.254:PORT"},
		{"other family, to anybody", "192.0.2.1", true, "[2001:db8::1]:PORT"},
		{"privileged port of another host", "127.0.0.9", false, "127.0.0.1:25"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, rec := open(t, func(cfg *dtp.Config) {
				cfg.Peer, cfg.AnyPeerActive = netip.MustParseAddr(tt.peer), tt.any
			})
			ln, addr := dataPort(t, "tcp4", "0.0.0.0:0")
			err := c.Dial(t.Context(), aim(t, tt.target, addr.Port()))
			if !errors.Is(err, dtp.ErrAddress) {
				t.Errorf("Dial: %v, want ErrAddress", err)
			}
			if c.Armed() {
				t.Error("the channel is armed")
			}
			rec.want(t)
			wantNobody(t, ln)
		})
	}
}

// aim puts a port into a target of the table.
func aim(t *testing.T, target string, port uint16) netip.AddrPort {
	t.Helper()
	if host, ok := cutPort(target); ok {
		return netip.AddrPortFrom(netip.MustParseAddr(host), port)
	}
	return netip.MustParseAddrPort(target)
}

func cutPort(target string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(target)
	return host, err == nil && port == "PORT"
}

func TestDial_refusalKeepsWhatIsArmed(t *testing.T) {
	c, _ := open(t)
	addr := listen(t, c)
	if err := c.Dial(t.Context(), netip.MustParseAddrPort("192.0.2.1:5000")); !errors.Is(err, dtp.ErrAddress) {
		t.Fatalf("Dial: %v, want ErrAddress", err)
	}
	join(t, addr, nil)
	acquire(t, c)
}

func TestDial_mappedAddressOfTheClient(t *testing.T) {
	c, _ := open(t)
	_, addr := dataPort(t, "tcp4", "127.0.0.1:0")
	mapped := netip.AddrPortFrom(netip.AddrFrom16(addr.Addr().As16()), addr.Port())
	if err := c.Dial(t.Context(), mapped); err != nil {
		t.Fatalf("Dial: %v", err)
	}
	acquire(t, c)
}

func TestDial_givesUpAnEarlierListen(t *testing.T) {
	c, _ := open(t)
	passive := listen(t, c)
	_, addr := dataPort(t, "tcp4", "127.0.0.1:0")
	if err := c.Dial(t.Context(), addr); err != nil {
		t.Fatalf("Dial: %v", err)
	}
	wantRefused(t, passive)
	acquire(t, c)
}

// What may be connected to, for networks that a test machine need not have.
func TestTarget_accepted(t *testing.T) {
	tests := []struct {
		name, local, peer string
		any               bool
		target, want      string
	}{
		{"the client", "192.0.2.1", "192.0.2.7", false, "192.0.2.7:5000", "192.0.2.7:5000"},
		{"the client on a dual-stack server", "::ffff:192.0.2.1", "::ffff:192.0.2.7", false, "192.0.2.7:5000", "192.0.2.7:5000"},
		{"IPv6", "2001:db8::1", "2001:db8::7", false, "[2001:db8::7]:5000", "[2001:db8::7]:5000"},
		{"link-local client, whose zone EPRT cannot say", "fe80::1%eth0", "fe80::7%eth0", false, "[fe80::7]:5000", "[fe80::7%eth0]:5000"},
		{"a client on this machine", "127.0.0.1", "127.0.0.1", true, "127.0.0.1:5000", "127.0.0.1:5000"},
		{"a third host, where allowed", "192.0.2.1", "192.0.2.7", true, "198.51.100.9:5000", "198.51.100.9:5000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := dtp.Config{
				Local: netip.MustParseAddr(tt.local), Peer: netip.MustParseAddr(tt.peer), AnyPeerActive: tt.any,
			}
			got, err := dtp.Target(cfg, netip.MustParseAddrPort(tt.target))
			if err != nil || got.String() != tt.want {
				t.Errorf("got %v, %v, want %s", got, err, tt.want)
			}
		})
	}
	if got, err := dtp.Target(dtp.Config{}, netip.MustParseAddrPort("192.0.2.7:5000")); err == nil {
		t.Errorf("without a client: %v", got)
	}
}
