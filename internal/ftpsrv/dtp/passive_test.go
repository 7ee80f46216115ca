package dtp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestPassive_transfer(t *testing.T) {
	c, rec := open(t)
	if c.Armed() || c.Established() {
		t.Error("an idle channel is armed or established")
	}
	addr := listen(t, c)
	if addr.Addr() != loopback || addr.Port() < 49152 {
		t.Errorf("listens on %v", addr)
	}
	if !c.Armed() || c.Established() {
		t.Error("after PASV: want armed, not established")
	}
	client := join(t, addr, nil)
	if !c.Established() {
		t.Error("the client has connected, and Established is false")
	}
	// Opened appears when the client connects, before any transfer command.
	rec.want(t, "opened 0 0")
	server := acquire(t, c)
	if c.Armed() || c.Established() {
		t.Error("in use: want neither armed nor established")
	}
	if _, err := server.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	c.Release()
	rec.want(t, "opened 0 0", "closed 0 0")
	if got, err := io.ReadAll(client); string(got) != "hello" || err != nil {
		t.Errorf("client got %q, %v", got, err)
	}
	e := rec.events[0]
	if e.Local != addr || e.Remote.Port() != client.LocalAddr().(*net.TCPAddr).AddrPort().Port() {
		t.Errorf("event between %v and %v, want %v and %v", e.Local, e.Remote, addr, client.LocalAddr())
	}
}

// Row 1.5: whoever connects before the command must be met with 125, however
// late our goroutine is. Repeated, since only a race could break it.
func TestEstablished_seesEveryClientThatHasConnected(t *testing.T) {
	c, _ := open(t)
	for i := range 300 {
		client := join(t, listen(t, c), nil)
		if !c.Established() {
			t.Fatalf("round %d: connected, and Established is false", i)
		}
		client.Close()
	}
}

// A client that resets its connection before anybody has looked at it was there. Its
// upload ends at once, not when the wait for a client is over.
func TestPassive_clientResetsAtOnce(t *testing.T) {
	c, _ := open(t)
	for i := range 200 {
		client := join(t, listen(t, c), nil)
		_ = client.SetLinger(0)
		client.Close()
		start := time.Now()
		server := acquire(t, c)
		if _, err := server.Read(make([]byte, 1)); err == nil || time.Since(start) > patience/2 {
			t.Fatalf("round %d: %v after %v", i, err, time.Since(start))
		}
		c.Abort(winerr.NetNameDeleted, 0)
	}
}

func TestPassive_IPv6(t *testing.T) {
	ln, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Logf("no IPv6 on this machine (%v): the channel must say so", err)
		c, _ := open(t, func(cfg *dtp.Config) { cfg.Local, cfg.Peer = netip.IPv6Loopback(), netip.IPv6Loopback() })
		if addr, err := c.Listen(t.Context()); err == nil {
			t.Errorf("listens on %v", addr)
		}
		return
	}
	ln.Close()
	c, _ := open(t, func(cfg *dtp.Config) { cfg.Local, cfg.Peer = netip.IPv6Loopback(), netip.IPv6Loopback() })
	server, client := passive(t, c)
	if _, err := client.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(server, make([]byte, 1)); err != nil {
		t.Errorf("read: %v", err)
	}
}

// A server on [::] sees IPv4 clients under mapped addresses.
func TestPassive_mappedAddressesAreTheSameHost(t *testing.T) {
	c, rec := open(t, func(cfg *dtp.Config) {
		cfg.Local = netip.MustParseAddr("::ffff:127.0.0.1")
		cfg.Peer = netip.MustParseAddr("::ffff:127.0.0.1")
	})
	passive(t, c)
	if got := rec.events[0].Remote.Addr(); got != loopback {
		t.Errorf("remote %v, want it as IPv4", got)
	}
}

// D3: a stranger is reset, gets nothing, and the rightful client still connects.
func TestPassive_strangerDoesNotDisturbTheClient(t *testing.T) {
	c, rec := open(t, func(cfg *dtp.Config) {
		cfg.Local = netip.IPv4Unspecified()
		cfg.Peer = netip.MustParseAddr("127.0.0.1")
	})
	addr := netip.AddrPortFrom(loopback, listen(t, c).Port())
	for range 3 {
		knock(t, addr, &net.TCPAddr{IP: stranger(t)})
	}
	if c.Established() {
		t.Error("a stranger counts as the client")
	}
	join(t, addr, nil)
	if !c.Established() {
		t.Error("the client came after strangers and is not seen")
	}
	acquire(t, c)
	rec.want(t, "opened 0 0")
}

func TestPassive_anyPeerWhereConfigured(t *testing.T) {
	c, _ := open(t, func(cfg *dtp.Config) {
		cfg.Local = netip.IPv4Unspecified()
		cfg.Peer = netip.MustParseAddr("192.0.2.1")
		cfg.AnyPeerPassive = true
	})
	join(t, netip.AddrPortFrom(loopback, listen(t, c).Port()), nil)
	acquire(t, c)
}

// stranger returns a second address of this machine.
func stranger(t *testing.T) net.IP {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.2:0") // all of 127/8 on Linux and Windows
	if err == nil {
		ln.Close()
		return net.IPv4(127, 0, 0, 2)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addrs {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			return ip.IP
		}
	}
	t.Fatal("this machine has only one address")
	return nil
}

func TestListen_acceptsExactlyOne(t *testing.T) {
	c, _ := open(t)
	addr := listen(t, c)
	join(t, addr, nil)
	acquire(t, c)
	wantRefused(t, addr)
}

// wantRefused fails unless nobody listens on addr.
func wantRefused(t *testing.T, addr netip.AddrPort) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr.String(), patience)
	if err == nil {
		conn.Close()
		t.Errorf("connecting to %v succeeds", addr)
	} else if !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.Errno(10061)) {
		t.Errorf("connecting to %v: %v, want refused", addr, err)
	}
}

// D5.
func TestListen_secondPASVClosesTheFirstPort(t *testing.T) {
	ports, err := dtp.NewPorts(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, rec := open(t, func(cfg *dtp.Config) { cfg.Ports = ports })
	first := listen(t, c)
	second := listen(t, c)
	wantRefused(t, first)
	join(t, second, nil)
	acquire(t, c)
	for range 1000 {
		c.Abort(winerr.OperationAborted, 20)
		listen(t, c)
		if n := ports.InUse(); n != 1 {
			t.Fatalf("%d ports for one session", n)
		}
	}
	rec.want(t, "opened 0 0", "closed 995 20")
}

// Row 1.9: a privileged port of the client is reset and logged.
func TestPassive_privilegedPortIsReset(t *testing.T) {
	c, rec := open(t)
	c.SetLowPort(65535)
	knock(t, listen(t, c), nil)
	if c.Established() {
		t.Error("a refused connection counts as established")
	}
	if !c.Armed() {
		t.Error("PASV is not used up before a transfer command")
	}
	_, err := c.Acquire(t.Context())
	if !errors.Is(err, winerr.ConnectionAborted) {
		t.Errorf("Acquire: %v, want 1236", err)
	}
	rec.want(t, "opened 0 0", "closed 1236 38")
	if _, err := c.Acquire(t.Context()); !errors.Is(err, dtp.ErrNotArmed) {
		t.Errorf("second Acquire: %v, want ErrNotArmed", err)
	}
}

func TestAcquire_withoutPASVOrPORT(t *testing.T) {
	c, _ := open(t)
	if _, err := c.Acquire(t.Context()); !errors.Is(err, dtp.ErrNotArmed) {
		t.Errorf("Acquire: %v, want ErrNotArmed", err)
	}
}

// D7: a data connection that is never opened ends in a time-out, and the
// session can go on.
func TestAcquire_timeout(t *testing.T) {
	c, rec := open(t, func(cfg *dtp.Config) { cfg.Timeout = 20 * time.Millisecond })
	addr := listen(t, c)
	if _, err := c.Acquire(t.Context()); winerr.Of(err) != winerr.SemTimeout {
		t.Errorf("Acquire: %v, want 121", err)
	}
	eventually(t, "port closed", func() bool {
		conn, err := net.Dial("tcp", addr.String())
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	if c.Armed() {
		t.Error("still armed after a time-out")
	}
	rec.want(t)
	join(t, listen(t, c), nil)
}

func TestAcquire_cancelled(t *testing.T) {
	c, rec := open(t)
	listen(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := c.Acquire(ctx)
		failed <- err
	}()
	cancel()
	err := <-failed
	if !errors.Is(err, context.Canceled) || winerr.Of(err) != winerr.OperationAborted {
		t.Errorf("Acquire: %v, want cancelled with 995", err)
	}
	if c.Armed() {
		t.Error("still armed after ABOR")
	}
	rec.want(t)
}

func TestAcquire_endsWithTheSession(t *testing.T) {
	c, _ := open(t)
	addr := listen(t, c)
	failed := make(chan error)
	go func() {
		_, err := c.Acquire(context.Background())
		failed <- err
	}()
	c.Close()
	if err := <-failed; err == nil {
		t.Error("Acquire of a closed session succeeds")
	}
	wantRefused(t, addr)
	if _, err := c.Listen(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Listen after Close: %v", err)
	}
	if err := c.Dial(t.Context(), netip.AddrPortFrom(loopback, 5000)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Dial after Close: %v", err)
	}
}
