package ldapattr_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// freezer passes connections to a server until it is frozen: then they stay open,
// and new ones are taken, but nothing goes through.
type freezer struct {
	url    string
	thaw   chan struct{} // closed at the end of the test
	frozen atomic.Bool
}

func newFreezer(t *testing.T, s *sim) *freezer {
	f := &freezer{thaw: make(chan struct{})}
	behind := "localhost:" + s.ldaps[len("ldaps://localhost:"):]
	address := accept(t, func(conn net.Conn) {
		server, err := net.Dial("tcp", behind)
		if err != nil {
			return
		}
		var both sync.WaitGroup
		both.Go(func() { f.pass(server, conn) })
		f.pass(conn, server)
		both.Wait()
	})
	_, port, _ := net.SplitHostPort(address)
	f.url = "ldaps://localhost:" + port
	t.Cleanup(func() { close(f.thaw) })
	return f
}

// pass copies one direction.
func (f *freezer) pass(to, from net.Conn) {
	defer to.Close()
	octets := make([]byte, 16<<10)
	for {
		n, err := from.Read(octets)
		if err != nil {
			return
		}
		if f.frozen.Load() {
			<-f.thaw
		}
		if _, err := to.Write(octets[:n]); err != nil {
			return
		}
	}
}

// A domain controller that falls silent after Open costs a part of the call's
// time, not the call, and the next calls nothing.
func TestDirectory_leavesAFrozenServer(t *testing.T) {
	t.Parallel()
	dir := "x"
	for what, call := range map[string]func(*ldapattr.Directory, ldapattr.User) error{
		"lookup": func(d *ldapattr.Directory, _ ldapattr.User) error {
			_, err := d.Lookup(t.Context(), accountName(t, "alice"))
			return err
		},
		"update": func(d *ldapattr.Directory, u ldapattr.User) error {
			_, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir})
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			first, second := newCorp(t), newCorp(t)
			f := newFreezer(t, first)
			cfg := first.asAdmin()
			cfg.Servers, cfg.Timeout = []string{f.url, second.ldaps}, 3*time.Second
			d := open(t, cfg)
			u := lookup(t, d, "alice")
			if err := d.VerifyPassword(t.Context(), u, secret.New(alicePass)); err != nil {
				t.Fatal(err)
			}
			answered := time.Now()
			f.frozen.Store(true)
			until(t, "the last answer is no longer fresh", func() bool { return time.Since(answered) > 150*time.Millisecond })
			if err := call(d, u); err != nil {
				t.Fatalf("with a healthy server left: %v", err)
			}
			begin := time.Now()
			lookup(t, d, "bob")
			if err := d.VerifyPassword(t.Context(), u, secret.New(alicePass)); err != nil {
				t.Error(err)
			}
			if took := time.Since(begin); took > cfg.Timeout/3 {
				t.Errorf("the next calls took %v: the silent server is asked again", took)
			}
			if second.Stats().Searches == 0 || first.Stats().Modifies != 0 {
				t.Error("the second server was not used: the test proves nothing")
			}
		})
	}
}

// A password is sent once. So the check that meets the silence fails, in time;
// the next one goes elsewhere at once.
func TestVerifyPassword_leavesAFrozenServer(t *testing.T) {
	t.Parallel()
	first, second := newCorp(t), newCorp(t)
	f := newFreezer(t, first)
	cfg := first.asAdmin()
	cfg.Servers, cfg.Timeout = []string{f.url, second.ldaps}, time.Second
	d := open(t, cfg)
	u := lookup(t, d, "alice")
	verify := func(ctx context.Context) error { return d.VerifyPassword(ctx, u, secret.New(alicePass)) }
	if err := verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.frozen.Store(true)
	endsInTime(t, cfg.Timeout, verify)
	begin := time.Now()
	if err := verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	lookup(t, d, "alice")
	if took := time.Since(begin); took > cfg.Timeout/2 {
		t.Errorf("the next calls took %v", took)
	}
}

// A busy domain controller has done nothing, so the request, even a write, goes to
// another one.
func TestDirectory_leavesABusyServer(t *testing.T) {
	first, second := newCorp(t), newCorp(t)
	cfg := first.asAdmin()
	cfg.Servers = []string{first.ldaps, second.ldaps}
	d := open(t, cfg)
	u, dir := lookup(t, d, "alice"), "x"
	first.SetFaults(adsim.Faults{Busy: true})
	if now, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir}); err != nil || now.Dir != dir {
		t.Errorf("Update: %+v, %v", now, err)
	}
	lookup(t, d, "alice")
	if second.Stats().Modifies != 1 {
		t.Error("the second server was not used")
	}
	// When all are busy it says so, and does not keep the connections.
	second.SetFaults(adsim.Faults{Busy: true, Only: adsim.OpSearch})
	_, err := d.Lookup(t.Context(), accountName(t, "alice"))
	asError(t, err, ldapattr.ErrUnreachable)
	second.SetFaults(adsim.Faults{})
	connections := second.Stats().Connections
	lookup(t, d, "alice")
	if second.Stats().Connections == connections {
		t.Error("the connection on which the server was busy is used again")
	}
}

// On the connection somebody has become nobody again: a new one gets a bind.
func TestDirectory_bindsAnew(t *testing.T) {
	s := newLax(t)
	// Message 127 is a bind as nobody; its answer is not for the client.
	anonymous, answered := []byte{0x30, 0x0c, 2, 1, 0x7f, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0}, []byte{2, 1, 0x7f, 0x61}
	unbind, unbound := make(chan struct{}, 1), make(chan struct{}, 1)
	address := accept(t, func(conn net.Conn) {
		relay(conn, s.ldap, func(conn, behind net.Conn) {
			over := make(chan struct{})
			defer close(over)
			go func() {
				select {
				case <-unbind:
					_, _ = behind.Write(anonymous)
				case <-over:
				}
			}()
			answer := make([]byte, 64<<10)
			for {
				n, err := behind.Read(answer)
				if err != nil {
					return
				}
				if bytes.Contains(answer[:n], answered) {
					unbound <- struct{}{}
					continue
				}
				_, _ = conn.Write(answer[:n])
			}
		})
	})
	cfg := s.asAdmin()
	cfg.Servers, cfg.AllowPlaintext = []string{"ldap://" + address}, true
	d := open(t, cfg)
	u, dir := lookup(t, d, "alice"), "x"
	for _, call := range []func() error{
		func() error { _, err := d.Lookup(t.Context(), accountName(t, "alice")); return err },
		func() error { _, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir}); return err },
	} {
		unbind <- struct{}{}
		select {
		case <-unbound:
		case <-time.After(10 * time.Second):
			t.Fatal("the server does not answer the anonymous bind")
		}
		binds := s.Stats().Binds
		if err := call(); err != nil {
			t.Error(err)
		}
		if n := s.Stats().Binds - binds; n != 1 {
			t.Errorf("%d new binds, want one", n)
		}
	}
}
