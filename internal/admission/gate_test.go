package admission_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
)

var (
	office = netip.MustParseAddr("192.0.2.7")
	home   = netip.MustParseAddr("198.51.100.9")
)

func enter(t *testing.T, g *admission.Gate, client netip.Addr) *admission.Visit {
	t.Helper()
	v, verdict := g.Enter(client, func() { t.Errorf("%s: evicted", client) })
	if verdict != admission.Admitted {
		t.Fatalf("%s: verdict %d, want to be admitted", client, verdict)
	}
	return v
}

func refused(t *testing.T, g *admission.Gate, client netip.Addr, want admission.Verdict) {
	t.Helper()
	if _, got := g.Enter(client, func() {}); got != want {
		t.Errorf("%s: verdict %d, want %d", client, got, want)
	}
}

func TestGate_total(t *testing.T) {
	g := admission.New(admission.Config{MaxConnections: 2})
	first := enter(t, g, office)
	enter(t, g, home)
	refused(t, g, office, admission.Full)
	first.Leave()
	first.Leave() // counts once
	enter(t, g, office)
	refused(t, g, home, admission.Full)
}

// The oldest connection of the address that has not logged in makes room.
func TestGate_perAddressEvictsTheOldestWithoutLogin(t *testing.T) {
	g, now := admission.New(admission.Config{MaxPerAddress: 3}), time.Now()
	g.SetClock(func() time.Time { return now })
	var evicted []int
	visits := make([]*admission.Visit, 5)
	ask := func(i int) (verdict admission.Verdict) {
		visits[i], verdict = g.Enter(office, func() { evicted = append(evicted, i) })
		return verdict
	}
	for i := range 3 {
		ask(i)
	}
	visits[0].Login("alice")
	if ask(3) != admission.Full || len(evicted) > 0 {
		t.Fatal("who has come just now made room")
	}
	now = now.Add(time.Second)
	if ask(3) != admission.Admitted || !slices.Equal(evicted, []int{1}) {
		t.Fatalf("evicted %v, want the second", evicted)
	}
	visits[1].Leave() // it was counted out already
	visits[2].Login("bob")
	visits[3].Login("bob")
	if ask(4) != admission.Full {
		t.Error("an address whose connections are all logged in got another one")
	}
	enter(t, g, home) // another address has its own limit
	visits[0].Logout()
	now = now.Add(time.Second)
	if ask(4) != admission.Admitted || !slices.Equal(evicted, []int{1, 0}) {
		t.Errorf("evicted %v, want the second, then the first", evicted)
	}
}

// Silent connections from everywhere do not keep out who logs in.
func TestGate_totalEvictsTheOldestWithoutLogin(t *testing.T) {
	g, now := admission.New(admission.Config{MaxConnections: 3}), time.Now()
	g.SetClock(func() time.Time { return now })
	enter(t, g, office).Login("alice")
	evicted := 0
	for range 2 {
		if _, verdict := g.Enter(home, func() { evicted++ }); verdict != admission.Admitted {
			t.Fatalf("verdict %d", verdict)
		}
	}
	refused(t, g, office, admission.Full)
	now = now.Add(time.Second)
	if v := enter(t, g, office); evicted != 1 || !v.Login("bob") {
		t.Errorf("%d evicted, want 1", evicted)
	}
	if v := enter(t, g, office); evicted != 2 || !v.Login("bob") {
		t.Errorf("%d evicted, want 2", evicted)
	}
	now = now.Add(time.Hour)
	refused(t, g, home, admission.Full) // all are logged in
}

func TestGate_perUser(t *testing.T) {
	g := admission.New(admission.Config{MaxPerUser: 1})
	a, b := enter(t, g, office), enter(t, g, home)
	if !a.Login("alice") || b.Login("alice") {
		t.Error("want one login and no second one")
	}
	if !b.Login("bob") {
		t.Error("bob is somebody else")
	}
	b.Logout()
	a.Leave()
	if !b.Login("alice") {
		t.Error("the first session has ended")
	}
	b.Leave()
	nobody, again := enter(t, g, office), enter(t, g, office)
	if !nobody.Login("") || !again.Login("") {
		t.Error("who has no key is not counted")
	}
	nobody.Leave()
	again.Leave()
	if n := g.Sources(); n != 0 {
		t.Errorf("%d entries are left behind", n)
	}
}

func TestGate_networks(t *testing.T) {
	entry := func(prefix string, allowed bool) admission.Network {
		return admission.Network{Prefix: netip.MustParsePrefix(prefix), Allowed: allowed}
	}
	for _, tt := range []struct {
		name   string
		rule   admission.Networks
		client string
		want   admission.Verdict
	}{
		{"no entry", admission.Networks{}, "192.0.2.7", admission.Admitted},
		{"unlisted", admission.Networks{DenyUnlisted: true}, "192.0.2.7", admission.Forbidden},
		{"denied", admission.Networks{Entries: []admission.Network{entry("192.0.2.0/24", false)}}, "192.0.2.7", admission.Forbidden},
		{"mapped", admission.Networks{Entries: []admission.Network{entry("192.0.2.0/24", false)}}, "::ffff:192.0.2.7", admission.Forbidden},
		{"first decides", admission.Networks{Entries: []admission.Network{entry("192.0.2.7/32", true), entry("192.0.2.0/24", false)}}, "192.0.2.7", admission.Admitted},
		{"IPv6", admission.Networks{DenyUnlisted: true, Entries: []admission.Network{entry("2001:db8::/32", true)}}, "2001:db8:1::1", admission.Admitted},
		{"zone", admission.Networks{Entries: []admission.Network{entry("fe80::/10", false)}}, "fe80::1%eth0", admission.Forbidden},
	} {
		if _, got := admission.New(admission.Config{Networks: tt.rule}).Enter(netip.MustParseAddr(tt.client), nil); got != tt.want {
			t.Errorf("%s: verdict %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestGate_denyByFailure(t *testing.T) {
	now := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)
	var told bytes.Buffer
	cfg := admission.Config{
		Failures: admission.Failures{Max: 3, Memory: 30 * time.Second},
		Log:      slog.New(slog.NewTextHandler(&told, nil)),
	}
	g := admission.New(cfg)
	g.SetClock(func() time.Time { return now })
	v := enter(t, g, office)
	for want := 1; want <= 3; want++ {
		if got, over := v.Failed(); got != want || over != (want == 3) {
			t.Errorf("failure %d: got %d, %v", want, got, over)
		}
	}
	refused(t, g, office, admission.Blocked)
	enter(t, g, home)
	now = now.Add(29 * time.Second)
	refused(t, g, office, admission.Blocked)
	now = now.Add(time.Second)
	if got, _ := enter(t, g, office).Failed(); got != 1 {
		t.Errorf("%d failures after the period, want 1", got)
	}
	if !strings.Contains(told.String(), "address=192.0.2.7/32 failures=3") || strings.Count(told.String(), "\n") != 1 {
		t.Errorf("told %s", &told)
	}

	cfg.Failures.LoggingOnly = true
	g.Change(cfg)
	for range 5 {
		if _, over := v.Failed(); over {
			t.Error("loggingOnlyMode blocks")
		}
	}
	enter(t, g, office)

	cfg.Failures.LoggingOnly = false
	cfg.Networks.Entries = []admission.Network{{Prefix: netip.MustParsePrefix("192.0.2.0/24"), Allowed: true}}
	g.Change(cfg)
	if _, over := v.Failed(); over {
		t.Error("an allow entry does not spare the address")
	}
	enter(t, g, office)

	cfg.Failures.Memory = 0
	g.Change(cfg)
	if got, over := v.Failed(); got != 0 || over {
		t.Errorf("without a memory: %d, %v", got, over)
	}
}

// All of a /64 is one address: else every guess would come from a new one.
func TestGate_countsIPv6ByNetwork(t *testing.T) {
	g := admission.New(admission.Config{Failures: admission.Failures{Max: 2, Memory: time.Minute}})
	enter(t, g, netip.MustParseAddr("2001:db8::1")).Failed()
	enter(t, g, netip.MustParseAddr("2001:db8::2")).Failed()
	refused(t, g, netip.MustParseAddr("2001:db8::3"), admission.Blocked)
	enter(t, g, netip.MustParseAddr("2001:db8:0:1::1"))
}

// Guesses from any number of addresses take a bounded memory.
func TestGate_remembersABoundedNumber(t *testing.T) {
	g := admission.New(admission.Config{Failures: admission.Failures{Max: 4, Memory: time.Hour}})
	for i := range admission.MaxRemembered + 5000 {
		v := enter(t, g, netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
		v.Failed()
		v.Leave()
	}
	if n := g.Remembered(); n > admission.MaxRemembered {
		t.Errorf("%d addresses, want at most %d", n, admission.MaxRemembered)
	}
	if n := g.Sources(); n != 0 {
		t.Errorf("%d entries of connections are left", n)
	}
}

// A connection without an engine that counts, as in a test of something else.
func TestVisit_nil(t *testing.T) {
	var v *admission.Visit
	if n, over := v.Failed(); n != 0 || over || !v.Login("x") {
		t.Error("nobody counts it")
	}
	v.Logout()
	v.Leave()
}

func TestGate_concurrently(t *testing.T) {
	g := admission.New(admission.Config{MaxConnections: 40, MaxPerAddress: 4, MaxPerUser: 3, Failures: admission.Failures{Max: 1000, Memory: time.Minute}})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for j := range 500 {
				v, verdict := g.Enter(netip.AddrFrom4([4]byte{10, 0, 0, byte(i % 4)}), func() {})
				if verdict != admission.Admitted {
					continue
				}
				v.Login(fmt.Sprint(j % 5))
				v.Failed()
				v.Logout()
				v.Leave()
			}
		})
	}
	all.Wait()
	if n := g.Sources(); n != 0 {
		t.Errorf("%d entries are left", n)
	}
}
