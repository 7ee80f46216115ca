//go:build !windows

package ldapattr_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jcmturner/gokrb5/v8/iana/errorcode"

	"github.com/ftpisoctl/ftpisoctl/internal/krb/krbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// sealed is a configuration that binds to the acceptor with Kerberos.
func (a *acceptor) sealed() ldapattr.Config {
	return ldapattr.Config{Servers: []string{a.url}, Timeout: 5 * time.Second,
		Bind: ldapattr.Bind{Kerberos: true, User: "svc@corp.example.com", Password: secret.New(alicePass), Krb5Conf: a.kdc.Conf()}}
}

func TestKerberos_sealsEverything(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*acceptor){
		"server's subkey":   func(*acceptor) {},
		"client's subkey":   func(a *acceptor) { a.accept.NoSubkey = true },
		"tiny buffer":       func(a *acceptor) { a.buffer = 100 },
		"only one layer":    func(a *acceptor) { a.layers = 4 },
		"frame of one text": func(a *acceptor) { a.buffer = 61 },
	} {
		t.Run(name, func(t *testing.T) {
			s := newLax(t)
			a := newAcceptor(t, krbtest.New(t, alicePass), s)
			change(a)
			d := open(t, a.sealed())
			if u := lookup(t, d, "alice"); u.Dir != "alice" {
				t.Errorf("alice is %+v", u)
			}
			if n := countUsers(t, d, ldapattr.Scope{}); n < 7 {
				t.Errorf("%d users", n)
			}
			testSwap(t, d, "bob")
			if a.frames.Load() == 0 {
				t.Error("no frame was sealed: the test proves nothing")
			}
		})
	}
}

// The domain controller's realm is another one than the user's.
func TestKerberos_followsAReferral(t *testing.T) {
	k := krbtest.New(t, alicePass)
	k.Refer = true
	lookup(t, open(t, newAcceptor(t, k, newLax(t)).sealed()), "alice")
}

func TestKerberos_keytab(t *testing.T) {
	k := krbtest.New(t, alicePass)
	a := newAcceptor(t, k, newLax(t))
	cfg := a.sealed()
	cfg.Bind.Password = secret.Text{}
	for _, kind := range []int32{krbtest.AES256, krbtest.AES128} {
		cfg.Bind.Keytab = k.Keytab(kind)
		lookup(t, open(t, cfg), "alice")
	}
	cfg.Bind.Keytab = k.Keytab(krbtest.RC4)
	openError(t, cfg, ldapattr.ErrAuth)
	cfg.Bind.Keytab = k.Keytab(krbtest.AES256)
	cfg.Bind.User = "somebody@corp.example.com"
	openError(t, cfg, ldapattr.ErrAuth)
	cfg.Bind.User = "svc@other.example.com"
	openError(t, cfg, ldapattr.ErrAuth)
	cfg.Bind.Keytab, cfg.Bind.Password = "", secret.New(alicePass)
	useNameServer(t, nil)
	openError(t, cfg, ldapattr.ErrUnreachable) // no KDC of that realm is known
	cfg.Bind.Keytab = filepath.Join(t.TempDir(), "absent")
	openError(t, cfg, ldapattr.ErrAuth)
}

func TestKerberos_saysWhatTheKDCRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		change  func(*krbtest.KDC, *ldapattr.Config)
		subCode string
		hint    string
	}{
		"wrong password":  {func(*krbtest.KDC, *ldapattr.Config) {}, "KRB 24", "password"},
		"unknown user":    {func(_ *krbtest.KDC, c *ldapattr.Config) { c.Bind.User = "nobody@" + krbtest.Realm }, "KRB 6", "name"},
		"unknown service": {func(k *krbtest.KDC, _ *ldapattr.Config) { k.Refuse = errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN }, "KRB 7", "full DNS name"},
		"clock":           {func(k *krbtest.KDC, _ *ldapattr.Config) { k.Refuse, k.Ahead = errorcode.KRB_AP_ERR_SKEW, time.Hour }, "KRB 37", "difference of"},
		"clock unnoticed": {func(k *krbtest.KDC, _ *ldapattr.Config) { k.Ahead = time.Hour }, "KRB 37", "clock"},
		"disabled":        {func(k *krbtest.KDC, _ *ldapattr.Config) { k.Refuse = errorcode.KDC_ERR_CLIENT_REVOKED }, "KRB 18", "disabled"},
		"expired":         {func(k *krbtest.KDC, _ *ldapattr.Config) { k.Refuse = errorcode.KDC_ERR_KEY_EXPIRED }, "KRB 23", "expired"},
		"no AES":          {func(k *krbtest.KDC, _ *ldapattr.Config) { k.Refuse = errorcode.KDC_ERR_ETYPE_NOSUPP }, "KRB 14", "AES"},
		"only RC4":        {func(k *krbtest.KDC, _ *ldapattr.Config) { k.KeyTypes = []int32{krbtest.RC4} }, "", "AES"},
	} {
		t.Run(name, func(t *testing.T) {
			k := krbtest.New(t, alicePass)
			cfg := newAcceptor(t, k, newLax(t)).sealed()
			var log bytes.Buffer
			cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			if name != "clock unnoticed" { // there it takes the right one to come so far
				cfg.Bind.Password = secret.New("Gehe1m-svc!!")
			}
			tt.change(k, &cfg)
			e := openError(t, cfg, ldapattr.ErrAuth)
			if e.SubCode != tt.subCode || !strings.Contains(e.Hint, tt.hint) {
				t.Errorf("sub-code %q, hint %q, want %q and %q: %v", e.SubCode, e.Hint, tt.subCode, tt.hint, e)
			}
			if text := e.Error() + e.Hint + log.String(); strings.Contains(text, cfg.Bind.Password.Reveal()) {
				t.Errorf("the password shows up: %s", text)
			}
		})
	}
}

// Capitals and a final dot do not make another service of it.
func TestKerberos_normalizesTheServersName(t *testing.T) {
	cfg := newAcceptor(t, krbtest.New(t, alicePass), newLax(t)).sealed()
	cfg.Servers[0] = strings.Replace(cfg.Servers[0], "localhost", "Localhost.", 1)
	open(t, cfg)
}

// A forged answer can neither make us derive a key for hours, nor send something
// under a key that is derived in no time.
func TestKerberos_boundsKeyDerivation(t *testing.T) {
	for name, parameters := range map[string][]byte{
		"none":           {0, 0, 0, 0},
		"one":            {0, 0, 0, 1},
		"one too few":    {0, 0, 0x0f, 0xff},
		"one too many":   {0, 0x10, 0, 1},
		"hours":          {0x80, 0, 0, 0},
		"three octets":   {0, 0x10, 0},
		"five octets":    {0, 0, 0, 0x10, 0},
		"a single octet": {0x10},
	} {
		t.Run(name, func(t *testing.T) {
			k := krbtest.New(t, alicePass)
			k.S2KParams = parameters
			cfg := newAcceptor(t, k, newLax(t)).sealed()
			begin := time.Now()
			openError(t, cfg, ldapattr.ErrUnreachable)
			if took := time.Since(begin); took > 4*time.Second {
				t.Errorf("it took %v", took)
			}
			if n := k.Stamps.Load(); n != 0 {
				t.Errorf("%d time stamps were sent under that key", n)
			}
		})
	}
	k := krbtest.New(t, alicePass)
	k.S2KParams = []byte{} // then the default holds, 4,096
	lookup(t, open(t, newAcceptor(t, k, newLax(t)).sealed()), "alice")
}

func TestKerberos_endsInTime(t *testing.T) {
	for name, reply := range map[string][]byte{
		"silent":          {},
		"half a length":   {0, 0},
		"huge":            binary.BigEndian.AppendUint32(nil, 1<<31),
		"empty":           {0, 0, 0, 0},
		"nonsense":        {0, 0, 0, 3, 1, 2, 3},
		"a broken error":  {0, 0, 0, 3, 0x7e, 1, 1},
		"half an answer":  {0, 0, 1, 0, 0x6b, 0x82},
		"an empty answer": {0, 0, 0, 2, 0x6b, 0},
	} {
		t.Run(name, func(t *testing.T) {
			k := krbtest.New(t, alicePass)
			k.Reply = reply
			cfg := newAcceptor(t, k, newLax(t)).sealed()
			cfg.Timeout = 300 * time.Millisecond
			endsInTime(t, cfg.Timeout, func(ctx context.Context) error { _, err := ldapattr.Open(ctx, cfg); return err })
		})
	}
}

// Whoever sits between us and the domain controller can end the connection, and
// nothing else.
func TestKerberos_refusesWhatIsNotSealed(t *testing.T) {
	injected := bindAnswer(1, 0, nil)
	var last []byte
	for name, change := range map[string]func(*acceptor){
		"no confidentiality":     func(a *acceptor) { a.layers = 3 },
		"no layer at all":        func(a *acceptor) { a.layers = 0 },
		"no room":                func(a *acceptor) { a.buffer = 60 },
		"another's answer":       func(a *acceptor) { a.accept.OldStamp = true },
		"clear text behind it":   func(a *acceptor) { a.earlyData = injected },
		"clear text in a frame":  func(a *acceptor) { a.spoil = func([]byte) []byte { return injected } },
		"flipped bit":            func(a *acceptor) { a.spoil = func(f []byte) []byte { f[len(f)/2] ^= 1; return f } },
		"flipped rotation":       func(a *acceptor) { a.spoil = func(f []byte) []byte { f[7]++; return f } },
		"flipped extra count":    func(a *acceptor) { a.spoil = func(f []byte) []byte { f[5] = 16; return f } },
		"other number":           func(a *acceptor) { a.spoil = func(f []byte) []byte { f[15]++; return f } },
		"not marked as sealed":   func(a *acceptor) { a.spoil = func(f []byte) []byte { f[2] &^= 2; return f } },
		"marked as the client's": func(a *acceptor) { a.spoil = func(f []byte) []byte { f[2] &^= 1; return f } },
		"cut short":              func(a *acceptor) { a.spoil = func(f []byte) []byte { return f[:20] } },
		"the same frame again": func(a *acceptor) {
			a.spoil = func(f []byte) []byte {
				if last == nil {
					last = append([]byte(nil), f...)
				}
				return last
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAcceptor(t, krbtest.New(t, alicePass), newLax(t))
			change(a)
			cfg := a.sealed()
			cfg.Timeout = 20 * time.Second
			begin := time.Now()
			d, err := ldapattr.Open(t.Context(), cfg)
			if err == nil {
				_ = d.Close()
			}
			if !errors.Is(err, ldapattr.ErrUnreachable) && !errors.Is(err, ldapattr.ErrPlaintext) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(begin); took > cfg.Timeout/2 {
				t.Errorf("it took %v: the connection was not ended", took)
			}
		})
	}
}

// Requests are sealed, but users' passwords need TLS. That a domain controller has
// none must be said, and nothing be sent.
func TestKerberos_passwordsNeedTLS(t *testing.T) {
	s := newLax(t)
	cfg := newAcceptor(t, krbtest.New(t, alicePass), s).sealed()
	d := open(t, cfg)
	alice, before := lookup(t, d, "alice"), s.Stats().Binds
	err := d.VerifyPassword(t.Context(), alice, secret.New(alicePass))
	if e := asError(t, err, ldapattr.ErrPlaintext); !strings.Contains(e.Hint, "certificate") {
		t.Errorf("hint %q: %v", e.Hint, err)
	}
	if n := s.Stats().Binds; n != before {
		t.Error("a password was sent")
	}
}

func BenchmarkKerberos_Lookup(b *testing.B) {
	benchmarkLookup(b, open(b, newAcceptor(b, krbtest.New(b, alicePass), newLax(b)).sealed()), "alice")
}
