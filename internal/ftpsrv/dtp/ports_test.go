package dtp_test

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestNewPorts(t *testing.T) {
	tests := []struct {
		name      string
		low, high uint16
		ok        bool
		size      int
	}{
		{"dynamic", 0, 0, true, 16384},
		{"one port", 5000, 5000, true, 1},
		{"all", 1024, 65535, true, 64512},
		{"privileged", 1023, 2000, false, 0},
		{"half", 0, 2000, false, 0},
		{"other half", 2000, 0, false, 0},
		{"reversed", 3000, 2000, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := dtp.NewPorts(tt.low, tt.high)
			if (err == nil) != tt.ok {
				t.Fatalf("NewPorts: %v", err)
			}
			if err == nil && len(p.Order(0)) != tt.size {
				t.Errorf("%d ports, want %d", len(p.Order(0)), tt.size)
			}
		})
	}
}

func TestPorts_orderVisitsEachPortOnceAndTheLastOneLast(t *testing.T) {
	for _, high := range []uint16{6000, 6001, 6002, 6009, 6096} {
		p, err := dtp.NewPorts(6000, high)
		if err != nil {
			t.Fatal(err)
		}
		order := p.Order(6000)
		if last := order[len(order)-1]; last != 6000 {
			t.Errorf("range to %d ends with %d, want the one to avoid", high, last)
		}
		slices.Sort(order)
		if got, want := len(slices.Compact(order)), int(high-6000)+1; got != want {
			t.Errorf("range to %d visits %d different ports, want %d", high, got, want)
		}
	}
}

// D4: neither the next port nor a constant distance can be told from samples.
func TestListen_portsAreNotPredictable(t *testing.T) {
	c, _ := open(t)
	var last uint16
	steps := map[uint16]int{}
	for range 50 {
		port := listen(t, c).Port()
		if port == last {
			t.Errorf("port %d twice in a row", port)
		}
		steps[port-last]++
		last = port
	}
	if len(steps) < 40 {
		t.Errorf("50 ports lie only %d different distances apart", len(steps))
	}
}

func TestListen_oneSessionPerPort(t *testing.T) {
	low := freePorts(t, 2)
	ports, err := dtp.NewPorts(low, low+1)
	if err != nil {
		t.Fatal(err)
	}
	share := func(cfg *dtp.Config) { cfg.Ports = ports }
	first, _ := openShared(t, share)
	second, _ := openShared(t, share)
	third, _ := openShared(t, share)
	a, b := listen(t, first).Port(), listen(t, second).Port()
	if a == b {
		t.Errorf("two sessions share port %d", a)
	}
	_, err = third.Listen(t.Context())
	if !errors.Is(err, dtp.ErrNoPort) || winerr.Of(err) != 10048 {
		t.Errorf("third session of two ports: %v, want ErrNoPort with 10048", err)
	}
	first.Close()
	if got := listen(t, third).Port(); got != a {
		t.Errorf("after the first session port %d, want %d", got, a)
	}
}

func TestListen_skipsPortsOfOtherPrograms(t *testing.T) {
	low := freePorts(t, 2)
	other, err := net.ListenTCP("tcp4", net.TCPAddrFromAddrPort(netip.AddrPortFrom(loopback, low)))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	ports, err := dtp.NewPorts(low, low+1)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := open(t, func(cfg *dtp.Config) { cfg.Ports = ports })
	for range 4 { // whatever order chance gives, also with the free port as the last one
		if got := listen(t, c).Port(); got != low+1 {
			t.Fatalf("port %d, want %d", got, low+1)
		}
	}
}

// openShared is open for channels that share a pool, which is not empty when the
// first of them ends.
func openShared(t *testing.T, change func(*dtp.Config)) (*dtp.Channel, *recorder) {
	t.Helper()
	rec := &recorder{}
	cfg := dtp.Config{Local: loopback, Peer: loopback, Timeout: patience, OnEvent: rec.add}
	change(&cfg)
	c := dtp.New(cfg)
	t.Cleanup(c.Close)
	return c, rec
}

// freePorts finds n neighbouring ports that nobody listens on.
func freePorts(t *testing.T, n uint16) uint16 {
	t.Helper()
search:
	for low := uint16(21000); low < 31000; low += n {
		for port := low; port < low+n; port++ {
			ln, err := net.ListenTCP("tcp4", net.TCPAddrFromAddrPort(netip.AddrPortFrom(loopback, port)))
			if err != nil {
				continue search
			}
			ln.Close()
		}
		return low
	}
	t.Fatal("no free ports")
	return 0
}
