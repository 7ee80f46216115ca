//go:build lab

package ldapattr_test

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func labRoots(t testing.TB) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(lab.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("the lab's CA file holds no certificate")
	}
	return pool
}

// ldaps is a configuration that binds as an account by password over LDAPS.
func ldaps(t testing.TB, account lab.Account) ldapattr.Config {
	return ldapattr.Config{
		Servers: []string{"ldaps://" + lab.DC}, RootCAs: labRoots(t), Timeout: 5 * time.Second,
		Bind: ldapattr.Bind{User: account.UPN(), Password: account.Password(t)},
	}
}

func labOpen(t testing.TB, cfg ldapattr.Config) *ldapattr.Directory {
	t.Helper()
	d, err := ldapattr.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("Open: %v (%s)", err, hintOf(err))
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func labLookup(t testing.TB, d *ldapattr.Directory, account lab.Account) ldapattr.User {
	t.Helper()
	return lookup(t, d, string(account))
}

func labKeytab(t testing.TB, account lab.Account) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keytab")
	script := "addent -password -p " + string(account) + "@" + lab.Realm + " -k 1 -e aes256-cts-hmac-sha1-96\n" +
		account.Password(t).Reveal() + "\nwkt " + path + "\nquit\n"
	cmd := exec.CommandContext(t.Context(), "ktutil")
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ktutil: %v\n%s", err, out)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLab_waysToConnect(t *testing.T) {
	password := lab.Service.Password(t)
	simple := ldapattr.Bind{User: lab.Service.UPN(), Password: password}
	kerberos := func(b ldapattr.Bind) ldapattr.Bind { b.Kerberos = true; return b }
	plain, tls := []string{"ldap://" + lab.DC}, []string{"ldaps://" + lab.DC}
	t.Setenv("KRB5CCNAME", lab.Service.Kinit(t))
	bare := strings.TrimPrefix(lab.Service.Kinit(t), "FILE:")
	tests := []struct {
		name string
		cfg  ldapattr.Config
	}{
		{"LDAPS", ldapattr.Config{Servers: tls, Bind: simple}},
		{"LDAPS as DOMAIN user", ldapattr.Config{Servers: tls, Bind: ldapattr.Bind{User: lab.Service.DownLevelName(), Password: password}}},
		{"StartTLS", ldapattr.Config{Servers: plain, StartTLS: true, Bind: simple}},
		{"LDAPS by domain", ldapattr.Config{Domain: lab.Domain, Bind: simple}},
		{"StartTLS by domain", ldapattr.Config{Domain: lab.Domain, StartTLS: true, Bind: simple}},
		{"sealed, cache in environment", ldapattr.Config{Servers: plain, Bind: kerberos(ldapattr.Bind{})}},
		{"sealed, bare cache path", ldapattr.Config{Servers: plain, Bind: kerberos(ldapattr.Bind{CCache: bare})}},
		{"sealed, cache by domain", ldapattr.Config{Domain: lab.Domain, Bind: kerberos(ldapattr.Bind{})}},
		{"sealed, password", ldapattr.Config{Servers: plain, Bind: kerberos(simple)}},
		{"sealed, password, bare user", ldapattr.Config{Domain: lab.Domain, Bind: kerberos(ldapattr.Bind{User: string(lab.Service), Password: password})}},
		{"sealed, keytab", ldapattr.Config{Servers: plain, Bind: kerberos(ldapattr.Bind{User: string(lab.Service), Keytab: labKeytab(t, lab.Service)})}},
	}
	roots := labRoots(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.cfg.RootCAs = roots
			d := labOpen(t, tt.cfg)
			if got := d.Domain(); got.DNSName != lab.Domain || got.NetBIOSName != lab.NetBIOS || got.Server != lab.DC || got.BaseDN != lab.BaseDN {
				t.Errorf("Domain() = %+v", got)
			}
			u := labLookup(t, d, lab.Alice)
			if u.SAMAccountName != "alice" || u.Dir != "alice" || u.DownLevelName() != `CORP\alice` || !u.Account.Enabled {
				t.Errorf("alice is %+v", u)
			}
			if n := countUsers(t, d, ldapattr.Scope{}); n < 8 {
				t.Errorf("Users yields %d users, want at least the lab's eight", n)
			}
		})
	}
}

// Kerberos without krb5.conf: realm and KDC come from the domain controller's name.
func TestLab_kerberosWithoutKrb5Conf(t *testing.T) {
	t.Setenv("KRB5_CONFIG", filepath.Join(t.TempDir(), "absent"))
	bind := ldapattr.Bind{User: string(lab.Service), Password: lab.Service.Password(t), Kerberos: true}
	d := labOpen(t, ldapattr.Config{Servers: []string{"ldap://" + lab.DC}, Bind: bind})
	labLookup(t, d, lab.Bob)
}

func TestLab_refusesToConnect(t *testing.T) {
	t.Setenv("KRB5CCNAME", "KCM:0")
	simple := ldapattr.Bind{User: lab.Service.UPN(), Password: lab.Service.Password(t)}
	wrong := ldapattr.Bind{User: lab.Service.UPN(), Password: secret.New("not it")}
	kerberos := func(b ldapattr.Bind) ldapattr.Bind { b.Kerberos = true; return b }
	plain, tls, roots := []string{"ldap://" + lab.DC}, []string{"ldaps://" + lab.DC}, labRoots(t)
	tests := []struct {
		name    string
		cfg     ldapattr.Config
		kind    error
		subCode string
	}{
		{"unknown CA", ldapattr.Config{Servers: tls, Bind: simple}, ldapattr.ErrUnreachable, ""},
		{"another name than the certificate's", ldapattr.Config{Servers: []string{"ldaps://" + lab.DCAddr}, RootCAs: roots, Bind: simple}, ldapattr.ErrUnreachable, ""},
		{"wrong pin", ldapattr.Config{Servers: tls, PinSHA256: strings.Repeat("00", 32), Bind: simple}, ldapattr.ErrUnreachable, ""},
		{"wrong password", ldapattr.Config{Servers: tls, RootCAs: roots, Bind: wrong}, ldapattr.ErrAuth, "52e"},
		{"simple bind in clear", ldapattr.Config{Servers: plain, Bind: simple}, ldapattr.ErrPlaintext, ""},
		{"simple bind in clear, allowed here, not there", ldapattr.Config{Servers: plain, AllowPlaintext: true, Bind: simple}, ldapattr.ErrPlaintext, ""},
		{"Kerberos, wrong password", ldapattr.Config{Servers: plain, Bind: kerberos(wrong)}, ldapattr.ErrAuth, "KRB 24"},
		{"Kerberos, unknown user", ldapattr.Config{Servers: plain, Bind: kerberos(ldapattr.Bind{User: "nobody", Password: wrong.Password})}, ldapattr.ErrAuth, "KRB 6"},
		{"Kerberos, no file cache", ldapattr.Config{Servers: plain, Bind: kerberos(ldapattr.Bind{})}, ldapattr.ErrAuth, ""},
		{"Kerberos inside TLS", ldapattr.Config{Servers: tls, RootCAs: roots, Bind: kerberos(simple)}, ldapattr.ErrPlaintext, ""},
		{"Kerberos to an address", ldapattr.Config{Servers: []string{"ldap://" + lab.DCAddr}, Bind: kerberos(simple)}, ldapattr.ErrUsage, ""},
		{"another domain", ldapattr.Config{Servers: tls, RootCAs: roots, Domain: "other.example.com", Bind: simple}, ldapattr.ErrUsage, ""},
		{"unknown domain", ldapattr.Config{Domain: "other.example.com", Bind: simple}, ldapattr.ErrUnreachable, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := ldapattr.Open(t.Context(), tt.cfg)
			if err == nil {
				_ = d.Close()
			}
			e := asError(t, err, tt.kind)
			if e.SubCode != tt.subCode || e.Hint == "" && tt.name != "another domain" {
				t.Errorf("sub-code %q, hint %q, want sub-code %q and a hint (%v)", e.SubCode, e.Hint, tt.subCode, err)
			}
			t.Logf("%v\n\thint: %s", err, e.Hint)
		})
	}
}

func TestLab_verifyPassword(t *testing.T) {
	t.Setenv("KRB5CCNAME", lab.Service.Kinit(t))
	ways := map[string]ldapattr.Config{
		"LDAPS":         ldaps(t, lab.Service),
		"StartTLS":      {Servers: []string{"ldap://" + lab.DC}, StartTLS: true, RootCAs: labRoots(t), Bind: ldaps(t, lab.Service).Bind},
		"sealed on 389": {Servers: []string{"ldap://" + lab.DC}, RootCAs: labRoots(t), Bind: ldapattr.Bind{Kerberos: true}},
	}
	tests := []struct {
		account  lab.Account
		password string // "" is the right one
		win32    winerr.Code
		subCode  string
	}{
		{lab.Alice, "", winerr.Success, ""},
		{lab.Alice, "wrong", winerr.LogonFailure, "52e"},
		{lab.Carol, "", winerr.AccountDisabled, "533"},
		{lab.Erin, "", winerr.AccountExpired, "701"},
		{lab.Frank, "", winerr.PasswordMustChange, "773"},
		{lab.Alice, "", winerr.Success, ""},
	}
	for way, cfg := range ways {
		t.Run(way, func(t *testing.T) {
			d := labOpen(t, cfg)
			for _, tt := range tests {
				password := secret.New(tt.password)
				if tt.password == "" {
					password = tt.account.Password(t)
				}
				err := d.VerifyPassword(t.Context(), labLookup(t, d, tt.account), password)
				if tt.win32 == winerr.Success {
					if err != nil {
						t.Errorf("%s: %v (%s)", tt.account, err, hintOf(err))
					}
					continue
				}
				e := asError(t, err, ldapattr.ErrAuth)
				if winerr.Of(err) != tt.win32 || e.SubCode != tt.subCode {
					t.Errorf("%s: code %d, sub-code %q, want %d, %q", tt.account, winerr.Of(err), e.SubCode, tt.win32, tt.subCode)
				}
			}
		})
	}
}

func TestLab_accountState(t *testing.T) {
	d := labOpen(t, ldaps(t, lab.Service))
	if got := labLookup(t, d, lab.Carol).Account; !got.Known || got.Enabled {
		t.Errorf("carol, disabled: %+v", got)
	}
	if got := labLookup(t, d, lab.Erin).Account; !got.Expired || got.Expires.IsZero() {
		t.Errorf("erin, expired: %+v", got)
	}
	if got := labLookup(t, d, lab.Frank).Account; !got.MustChange {
		t.Errorf("frank, must change: %+v", got)
	}
	if got := labLookup(t, d, lab.Alice).Account; !got.Enabled || got.Expired || got.MustChange || got.Locked || got.PasswordExpired {
		t.Errorf("alice, normal: %+v", got)
	}
}

func TestLab_everyNameFindsTheSameUser(t *testing.T) {
	d := labOpen(t, ldaps(t, lab.Service))
	u := labLookup(t, d, lab.Alice)
	for _, name := range []string{"ALICE", `corp\alice`, `corp.example.com\alice`, "alice@corp.example.com", "Alice@CORP.example.com",
		u.DN, u.SID, u.GUID.String(), "{" + u.GUID.String() + "}"} {
		if got := lookup(t, d, name); got != u {
			t.Errorf("%q is %+v, want %+v", name, got, u)
		}
	}
	for _, name := range []string{"nobody", `OTHER\alice`, "dc1$", "krbtgt@corp.example.com.", "CN=Users," + lab.BaseDN, "*", "al*"} {
		parsed, err := ldapattr.ParseAccountName(name, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Lookup(t.Context(), parsed); !errors.Is(err, ldapattr.ErrNotFound) {
			t.Errorf("%q: %v, want not found", name, err)
		}
	}
}

// A stopped or frozen domain controller ends every call in time; when it is back
// the same Directory works again.
func TestLab_domainControllerGoesAndComes(t *testing.T) {
	t.Setenv("KRB5CCNAME", lab.Service.Kinit(t))
	timeout := 2 * time.Second
	tls, sealed := ldaps(t, lab.Service), ldapattr.Config{Servers: []string{"ldap://" + lab.DC}, RootCAs: labRoots(t), Bind: ldapattr.Bind{Kerberos: true}}
	tls.Timeout, sealed.Timeout = timeout, timeout
	for _, state := range []struct {
		name    string
		off, on func(testing.TB)
	}{{"stopped", lab.StopDC, lab.StartDC}, {"frozen", lab.PauseDC, lab.ResumeDC}} {
		t.Run(state.name, func(t *testing.T) {
			var all []*ldapattr.Directory
			for _, cfg := range []ldapattr.Config{tls, sealed} {
				all = append(all, labOpen(t, cfg))
			}
			u := labLookup(t, all[0], lab.Alice)
			state.off(t)
			t.Run("off", func(t *testing.T) { // one directory does not wait for the other
				for _, d := range all {
					t.Run(d.Domain().Server, func(t *testing.T) {
						t.Parallel()
						endsInTime(t, timeout, func(ctx context.Context) error { return d.VerifyPassword(ctx, u, lab.Alice.Password(t)) })
						endsInTime(t, timeout, func(ctx context.Context) error { _, err := d.Lookup(ctx, accountName(t, "alice")); return err })
						endsInTime(t, timeout, func(ctx context.Context) error { return firstError(d.Users(ctx, ldapattr.Scope{})) })
					})
				}
			})
			state.on(t)
			for _, d := range all {
				labLookup(t, d, lab.Alice)
				if err := d.VerifyPassword(t.Context(), u, lab.Alice.Password(t)); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			}
		})
	}
}

func BenchmarkLab_Lookup(b *testing.B) {
	b.Setenv("KRB5CCNAME", lab.Service.Kinit(b))
	for way, cfg := range map[string]ldapattr.Config{
		"ldaps":  ldaps(b, lab.Service),
		"sealed": {Servers: []string{"ldap://" + lab.DC}, Bind: ldapattr.Bind{Kerberos: true}},
	} {
		b.Run(way, func(b *testing.B) { benchmarkLookup(b, labOpen(b, cfg), "alice") })
	}
}

// The lab has a dozen users; for figures that mean something, add some thousands first.
func BenchmarkLab_Users(b *testing.B) {
	b.Setenv("KRB5CCNAME", lab.Service.Kinit(b))
	for way, cfg := range map[string]ldapattr.Config{
		"ldaps":  ldaps(b, lab.Service),
		"sealed": {Servers: []string{"ldap://" + lab.DC}, Bind: ldapattr.Bind{Kerberos: true}},
	} {
		b.Run(way, func(b *testing.B) {
			d, n := labOpen(b, cfg), 0
			for b.Loop() {
				n = countUsers(b, d, ldapattr.Scope{})
			}
			b.ReportMetric(float64(n), "users")
		})
	}
}

func BenchmarkLab_Update(b *testing.B) {
	d := labOpen(b, ldaps(b, lab.FTPAdmin))
	u, dirs := labLookup(b, d, lab.Grace), [2]string{"a", "b"}
	for i := 0; b.Loop(); i++ {
		now, err := d.Update(b.Context(), u, ldapattr.Update{Dir: &dirs[i%2]})
		if err != nil {
			b.Fatal(err)
		}
		u = now
	}
}

func BenchmarkLab_VerifyPassword(b *testing.B) {
	d := labOpen(b, ldaps(b, lab.Service))
	u, password := labLookup(b, d, lab.Alice), lab.Alice.Password(b)
	for b.Loop() {
		if err := d.VerifyPassword(b.Context(), u, password); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLab_Open(b *testing.B) {
	b.Setenv("KRB5CCNAME", lab.Service.Kinit(b))
	for way, cfg := range map[string]ldapattr.Config{
		"ldaps":  ldaps(b, lab.Service),
		"sealed": {Servers: []string{"ldap://" + lab.DC}, Bind: ldapattr.Bind{Kerberos: true}},
	} {
		b.Run(way, func(b *testing.B) {
			for b.Loop() {
				d, err := ldapattr.Open(b.Context(), cfg)
				if err != nil {
					b.Fatal(err)
				}
				_ = d.Close()
			}
		})
	}
}
