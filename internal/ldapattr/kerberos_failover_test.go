//go:build !windows

package ldapattr_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jcmturner/gokrb5/v8/iana/errorcode"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/krb/krbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// newWithTLS is a domain controller that seals and has a certificate as well.
func newWithTLS(t *testing.T, k *krbtest.KDC) (*acceptor, *sim) {
	t.Helper()
	config, _ := certificate()
	s := serve(t, adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(seed), TLS: config})
	a := newAcceptor(t, k, s)
	a.tls = true
	return a, s
}

// A KDC that says only that it does not work is like one that says nothing.
func TestKerberos_leavesAKDCThatIsOutOfService(t *testing.T) {
	for _, code := range []int32{errorcode.KDC_ERR_SVC_UNAVAILABLE, errorcode.KRB_ERR_GENERIC} {
		broken, k := krbtest.New(t, alicePass), krbtest.New(t, alicePass)
		broken.Refuse = code
		cfg := newAcceptor(t, k, newLax(t)).sealed()
		cfg.Bind.Krb5Conf = k.Conf(broken.Addr)
		lookup(t, open(t, cfg), "alice")
		if broken.Stamps.Load() == 0 {
			t.Error("the first KDC was not asked: the test proves nothing")
		}
		endsInTime(t, 5*time.Second, func(ctx context.Context) error {
			_, err := ldapattr.Open(ctx, newAcceptor(t, broken, newLax(t)).sealed())
			return err
		})
	}
}

// What a KDC says about one domain controller need not hold for the next; what it
// says about the user does, and asking again could lock the account.
func TestKerberos_triesAnotherDomainController(t *testing.T) {
	useNameServer(t, nil) // all hosts are on loopback
	k := krbtest.New(t, alicePass)
	a := newAcceptor(t, k, newLax(t))
	cfg := a.sealed()
	cfg.Servers = []string{strings.Replace(a.url, "localhost", "unknown.corp.example.com", 1), a.url}
	lookup(t, open(t, cfg), "alice")

	stamps := k.Stamps.Load()
	cfg.Bind.Password = secret.New("wrong")
	if e := openError(t, cfg, ldapattr.ErrAuth); e.SubCode != "KRB 24" {
		t.Errorf("sub-code %q", e.SubCode)
	}
	if n := k.Stamps.Load() - stamps; n != 1 {
		t.Errorf("the wrong password was tried %d times", n)
	}
	// When none knows it, the reason is the same, and is said.
	cfg.Bind.Password = secret.New(alicePass)
	cfg.Servers = []string{cfg.Servers[0], strings.Replace(cfg.Servers[0], "unknown", "another", 1)}
	if e := openError(t, cfg, ldapattr.ErrAuth); e.SubCode != "KRB 7" {
		t.Errorf("sub-code %q: %v", e.SubCode, e)
	}
}

// One domain controller without a certificate must not end all logins.
func TestKerberos_passwordsFindTLS(t *testing.T) {
	_, roots := certificate()
	k := krbtest.New(t, alicePass)
	without := newAcceptor(t, k, newLax(t))
	with, s := newWithTLS(t, k)
	cfg := without.sealed()
	cfg.RootCAs, cfg.Servers = roots, []string{without.url, with.url}
	d := open(t, cfg)
	alice := lookup(t, d, "alice")
	clear := s.Stats().ClearBinds
	if err := d.VerifyPassword(t.Context(), alice, secret.New(alicePass)); err != nil {
		t.Errorf("%v (%s)", err, hintOf(err))
	}
	if n := s.Stats().ClearBinds - clear; n != 0 {
		t.Errorf("%d passwords crossed in clear", n)
	}
}

// That nobody has TLS is said only when everybody has said so.
func TestKerberos_mixedFailuresAreNotPlaintext(t *testing.T) {
	_, roots := certificate()
	k := krbtest.New(t, alicePass)
	first, second := newAcceptor(t, k, newLax(t)), newAcceptor(t, k, newLax(t))
	cfg := first.sealed()
	cfg.RootCAs, cfg.Servers = roots, []string{first.url, second.url}
	d := open(t, cfg)
	alice := lookup(t, d, "alice")
	asError(t, d.VerifyPassword(t.Context(), alice, secret.New(alicePass)), ldapattr.ErrPlaintext)

	dead := listen(t)
	_, port, _ := net.SplitHostPort(dead.Addr().String())
	_ = dead.Close()
	cfg.Servers[1] = "ldap://localhost:" + port
	d = open(t, cfg)
	err := d.VerifyPassword(t.Context(), alice, secret.New(alicePass))
	if asError(t, err, ldapattr.ErrUnreachable); errors.Is(err, ldapattr.ErrPlaintext) {
		t.Errorf("it passes for a lack of TLS: %v", err)
	}
}
