package ldapattr_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

func TestDirectory_reconnects(t *testing.T) {
	s := newCorp(t)
	cfg := s.asAdmin()
	cfg.Timeout = time.Second
	d := open(t, cfg)
	u := lookup(t, d, "alice")
	s.SetFaults(adsim.Faults{Refuse: true, Drop: true})
	endsInTime(t, cfg.Timeout, func(ctx context.Context) error { _, err := d.Lookup(ctx, accountName(t, "alice")); return err })
	endsInTime(t, cfg.Timeout, func(ctx context.Context) error { return d.VerifyPassword(ctx, u, secret.New(alicePass)) })
	s.SetFaults(adsim.Faults{})
	lookup(t, d, "alice")
	if err := d.VerifyPassword(t.Context(), u, secret.New(alicePass)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A connection that died unnoticed must not fail the request that meets it.
func TestDirectory_survivesADroppedConnection(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	before := s.Stats().Connections
	s.SetFaults(adsim.Faults{Drop: true, Only: adsim.OpSearch})
	if _, err := d.Lookup(t.Context(), accountName(t, "alice")); !errors.Is(err, ldapattr.ErrUnreachable) {
		t.Fatalf("while searches are dropped: %v", err)
	}
	s.SetFaults(adsim.Faults{})
	lookup(t, d, "alice")
	if s.Stats().Connections == before {
		t.Error("there was no new connection")
	}
}

func TestDirectory_movesToAnotherServer(t *testing.T) {
	first, second := newCorp(t), newCorp(t)
	cfg := first.asAdmin()
	cfg.Servers = []string{first.ldaps, second.ldaps}
	d := open(t, cfg)
	lookup(t, d, "alice")
	if second.Stats().Connections != 0 {
		t.Fatal("the second server was used although the first one works")
	}
	first.stop()
	u := lookup(t, d, "alice")
	if err := d.VerifyPassword(t.Context(), u, secret.New(alicePass)); err != nil {
		t.Error(err)
	}
}

// Attributes of another domain's namesake would be another person's home.
func TestDirectory_neverMovesToAnotherDomain(t *testing.T) {
	first, other := newCorp(t), newSim(t, "other.example.com", "dn: CN=Admin,CN=Users,DC=other,DC=example,DC=com\nobjectClass: user\n"+
		"sAMAccountName: admin\nuserPrincipalName: admin@corp.example.com\nuserPassword: "+adminPass+"\n")
	cfg := first.asAdmin()
	cfg.Servers = []string{first.ldaps, other.ldaps}
	d := open(t, cfg)
	first.stop()
	if _, err := d.Lookup(t.Context(), accountName(t, "admin")); !errors.Is(err, ldapattr.ErrUnreachable) {
		t.Errorf("with only another domain left: %v", err)
	}
	if other.Stats().Binds == 0 {
		t.Error("the other domain was not even tried: the test proves nothing")
	}
}

func TestDirectory_requestsEndInTime(t *testing.T) {
	t.Parallel()
	s := newCorp(t)
	cfg := s.asAdmin()
	cfg.Timeout = 300 * time.Millisecond
	d := open(t, cfg)
	u := lookup(t, d, "alice")
	dir := "x"
	s.SetFaults(adsim.Faults{Delay: time.Minute})
	for what, call := range map[string]func(context.Context) error{
		"lookup": func(ctx context.Context) error { _, err := d.Lookup(ctx, accountName(t, "alice")); return err },
		"list":   func(ctx context.Context) error { return firstError(d.Users(ctx, ldapattr.Scope{})) },
		"update": func(ctx context.Context) error { _, err := d.Update(ctx, u, ldapattr.Update{Dir: &dir}); return err },
		"verify": func(ctx context.Context) error { return d.VerifyPassword(ctx, u, secret.New(alicePass)) },
	} {
		t.Run(what, func(t *testing.T) { endsInTime(t, cfg.Timeout, call) })
	}
}

// Who cancels ends their own request, and nobody else's.
func TestDirectory_cancelEndsOneRequest(t *testing.T) {
	s := newCorp(t)
	d := open(t, s.asAdmin())
	s.SetFaults(adsim.Faults{Delay: 400 * time.Millisecond, Only: adsim.OpSearch})
	ctx, cancel := context.WithCancel(t.Context())
	cancelled, other := make(chan error, 1), make(chan error, 1)
	go func() { _, err := d.Lookup(ctx, accountName(t, "alice")); cancelled <- err }()
	go func() { _, err := d.Lookup(t.Context(), accountName(t, "bob")); other <- err }()
	until(t, "both searches have arrived", func() bool { return s.Stats().Open >= 2 })
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled request: %v", err)
	}
	if err := <-other; err != nil {
		t.Errorf("the other request: %v", err)
	}
}

func TestDirectory_leavesNothingBehind(t *testing.T) {
	s := newCorp(t)
	idle := runtime.NumGoroutine()
	d := open(t, s.asAdmin())
	u := lookup(t, d, "alice")
	for range 100 {
		if err := d.VerifyPassword(t.Context(), u, secret.New(alicePass)); err != nil {
			t.Fatal(err)
		}
		_ = d.VerifyPassword(t.Context(), u, secret.New("wrong"))
		for range d.Users(t.Context(), ldapattr.Scope{}) {
			break
		}
	}
	until(t, "left loops have closed their connections", func() bool { return s.Stats().Open <= 3 })
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "all connections are closed", func() bool { return s.Stats().Open == 0 })
	until(t, "all goroutines have ended", func() bool { return runtime.NumGoroutine() <= idle })
	if _, err := d.Lookup(t.Context(), accountName(t, "alice")); !errors.Is(err, ldapattr.ErrUnreachable) {
		t.Errorf("after Close: %v", err)
	}
}

func TestDirectory_closeEndsRequests(t *testing.T) {
	s, arrived := newLax(t), make(chan struct{})
	cfg := s.asAdmin()
	cfg.AllowPlaintext = true
	cfg.Servers = []string{scripted(t, s, func(_ net.Conn, request *ber.Packet) bool {
		if !bytes.Contains(request.Bytes(), []byte("alice")) {
			return false
		}
		close(arrived) // and never an answer
		return true
	})}
	d := open(t, cfg)
	done := make(chan error, 1)
	begin := time.Now()
	go func() { _, err := d.Lookup(t.Context(), accountName(t, "alice")); done <- err }()
	<-arrived
	_ = d.Close()
	if err := <-done; !errors.Is(err, ldapattr.ErrUnreachable) {
		t.Errorf("the request: %v", err)
	}
	if took := time.Since(begin); took > cfg.Timeout/2 {
		t.Errorf("the request ended after %v by itself", took)
	}
}
