package ldapattr_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

func TestOpen_learnsTheDomain(t *testing.T) {
	s := newCorp(t)
	for _, way := range []string{"LDAPS", "StartTLS"} {
		cfg := s.asAdmin()
		if way == "StartTLS" {
			cfg.Servers, cfg.StartTLS = []string{s.ldap}, true
		}
		got := open(t, cfg).Domain()
		if got.DNSName != "corp.example.com" || got.NetBIOSName != "CORP" || got.BaseDN != baseDN || got.Server == "" {
			t.Errorf("%s: Domain() = %+v", way, got)
		}
	}
	if n := s.Stats().ClearBinds; n != 0 {
		t.Errorf("%d passwords crossed in clear", n)
	}
}

func TestChecklist_A9_noPasswordInClear(t *testing.T) {
	s := newCorp(t)
	cfg := s.asAdmin()
	cfg.Servers = []string{s.ldap}
	if e := openError(t, cfg, ldapattr.ErrPlaintext); e.Hint == "" {
		t.Error("there is no hint")
	}
	if got := s.Stats(); got.Binds != 0 {
		t.Errorf("%d binds were sent", got.Binds)
	}
	// With the permission it is sent, and this server's refusal has its own words.
	cfg.AllowPlaintext = true
	openError(t, cfg, ldapattr.ErrPlaintext)
	if got := s.Stats().ClearBinds; got != 1 {
		t.Errorf("%d binds in clear, want the one that was permitted", got)
	}
}

func TestChecklist_A9_certificatesAreVerified(t *testing.T) {
	s := newCorp(t)
	config, roots := certificate()
	sum := sha256.Sum256(config.Certificates[0].Certificate[0])
	pin := hex.EncodeToString(sum[:])
	byAddress := []string{strings.Replace(s.ldaps, "localhost", "127.0.0.1", 1)}
	otherName := []string{strings.Replace(s.ldaps, "localhost", "localhost.", 1)}
	for name, tt := range map[string]struct {
		change func(*ldapattr.Config)
		works  bool
	}{
		"known CA":                {func(*ldapattr.Config) {}, true},
		"address in certificate":  {func(c *ldapattr.Config) { c.Servers = byAddress }, true},
		"trailing dot":            {func(c *ldapattr.Config) { c.Servers = otherName }, true},
		"unknown CA":              {func(c *ldapattr.Config) { c.RootCAs = nil }, false},
		"pin":                     {func(c *ldapattr.Config) { c.RootCAs = nil; c.PinSHA256 = pin }, true},
		"one of two pins":         {func(c *ldapattr.Config) { c.PinSHA256 = strings.Repeat("0", 64) + ", " + strings.ToUpper(pin) }, true},
		"wrong pin, known CA":     {func(c *ldapattr.Config) { c.RootCAs = roots; c.PinSHA256 = strings.Repeat("0", 64) }, false},
		"unknown CA with upgrade": {func(c *ldapattr.Config) { c.RootCAs = nil; c.Servers, c.StartTLS = []string{s.ldap}, true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := s.asAdmin()
			tt.change(&cfg)
			before := s.Stats().Binds
			if tt.works {
				open(t, cfg)
				return
			}
			if e := openError(t, cfg, ldapattr.ErrUnreachable); e.Hint == "" {
				t.Errorf("no hint with %v", e)
			}
			if s.Stats().Binds != before {
				t.Error("the password was sent all the same")
			}
		})
	}
}

func TestOpen_saysWhyABindFailed(t *testing.T) {
	s := newCorp(t)
	cfg := s.as("admin@corp.example.com", "wrong")
	if e := openError(t, cfg, ldapattr.ErrAuth); e.SubCode != "52e" || strings.Contains(e.Error(), "wrong") {
		t.Errorf("sub-code %q: %v", e.SubCode, e)
	}
	cfg = s.as("carol@corp.example.com", "Car0l!!!")
	if e := openError(t, cfg, ldapattr.ErrAuth); e.SubCode != "533" {
		t.Errorf("sub-code %q: %v", e.SubCode, e)
	}
}

// A refused bind is refused everywhere; trying it on every domain controller
// would lock the account.
func TestOpen_triesAWrongPasswordOnce(t *testing.T) {
	first, second := newCorp(t), newCorp(t)
	cfg := first.as("admin@corp.example.com", "wrong")
	cfg.Servers = []string{first.ldaps, second.ldaps}
	openError(t, cfg, ldapattr.ErrAuth)
	if a, b := first.Stats().Binds, second.Stats().Binds; a != 1 || b != 0 {
		t.Errorf("%d and %d binds, want 1 and 0", a, b)
	}
}

func TestOpen_failsOver(t *testing.T) {
	t.Parallel()
	s := newCorp(t)
	closed := listen(t)
	_ = closed.Close()
	for name, dead := range map[string]string{
		"refused":            "ldaps://" + closed.Addr().String(),
		"silent":             "ldaps://" + mute(t, nil),
		"talks nonsense":     "ldaps://" + mute(t, []byte("220 welcome\r\n")),
		"unknown host":       "ldaps://host.invalid",
		"silent at StartTLS": "ldap://" + mute(t, nil),
	} {
		t.Run(name, func(t *testing.T) {
			cfg := s.asAdmin()
			cfg.Domain, cfg.StartTLS, cfg.Timeout = "corp.example.com", true, 4*time.Second
			cfg.Servers = []string{dead, s.ldaps}
			d := open(t, cfg)
			begin := time.Now()
			for range 3 {
				lookup(t, d, "alice")
			}
			if took := time.Since(begin); took > cfg.Timeout/2 {
				t.Errorf("three lookups took %v: the dead server is asked again and again", took)
			}
		})
	}
}

// Whatever a domain controller does not say, and wherever it stops saying it,
// Open ends in time.
func TestOpen_endsInTime(t *testing.T) {
	t.Parallel()
	startTLSYes := []byte{0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00}
	for name, tt := range map[string]struct {
		says     []byte
		scheme   string
		startTLS bool
	}{
		"silent in the TLS handshake":  {nil, "ldaps://", false},
		"silent when asked for TLS":    {nil, "ldap://", true},
		"silent after its yes to TLS":  {startTLSYes, "ldap://", true},
		"silent to the bind":           {nil, "ldap://", false},
		"half an answer":               {startTLSYes[:5], "ldap://", false},
		"announces four gigabytes":     {[]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 2, 1, 1}, "ldap://", false},
		"answers yes to something":     {startTLSYes, "ldap://", false},
		"an answer of another message": {[]byte{0x30, 0x0c, 2, 1, 7, 0x61, 7, 10, 1, 0, 4, 0, 4, 0}, "ldap://", false},
		"nested too deep":              {nested(990, 1<<20), "ldap://", false},
		"nested too deep, to StartTLS": {nested(990, 1<<20), "ldap://", true},
		"nested, and long":             {nested(60, 1<<20), "ldap://", false},
		"nested, as long as it may be": {nested(60, 60<<10), "ldap://", false},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := ldapattr.Config{Servers: []string{tt.scheme + mute(t, tt.says)}, StartTLS: tt.startTLS, Timeout: 300 * time.Millisecond,
				AllowPlaintext: true, Bind: ldapattr.Bind{User: "admin", Password: secret.New("x")}}
			allocates(t, 32<<20, func() {
				endsInTime(t, cfg.Timeout, func(ctx context.Context) error { _, err := ldapattr.Open(ctx, cfg); return err })
			})
		})
	}
}

func TestOpen_endsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cfg := ldapattr.Config{Servers: []string{"ldaps://" + mute(t, nil)}, Bind: ldapattr.Bind{User: "admin", Password: secret.New("x")}}
	time.AfterFunc(50*time.Millisecond, cancel)
	begin := time.Now()
	_, err := ldapattr.Open(ctx, cfg)
	if !errors.Is(err, context.Canceled) || errors.Is(err, ldapattr.ErrUnreachable) {
		t.Errorf("got %v, want the end of the context", err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestOpen_baseDN(t *testing.T) {
	s := newCorp(t)
	cfg := s.asAdmin()
	cfg.BaseDN = "ou=staff," + baseDN
	d := open(t, cfg)
	lookup(t, d, "alice")
	for _, name := range []string{"admin", "CN=Admin,OU=Other," + baseDN} {
		if _, err := d.Lookup(t.Context(), accountName(t, name)); !errors.Is(err, ldapattr.ErrNotFound) {
			t.Errorf("%s, outside the base: %v", name, err)
		}
	}
	for _, base := range []string{"DC=other,DC=example,DC=com", "nonsense", "DC=com"} {
		cfg.BaseDN = base
		openError(t, cfg, ldapattr.ErrUsage)
	}
}
