package adsim_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// base is the domain of all tests.
const base = "DC=corp,DC=example,DC=com"

// seed is the domain that most tests start from.
const seed = `
dn: OU=Staff,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: CN=Alice,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice
userPrincipalName: alice@corp.example.com
displayName: Alice Liddell
userPassword: Wonder1and!
msIIS-FTPRoot: \\fs01\ftp$
msIIS-FTPDir: alice

dn: CN=Bob,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: bob
userPassword: Bui1der!!

dn: CN=Admin,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: admin
userPassword: Adm1n!!
memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com
`

const (
	aliceDN = "CN=Alice,OU=Staff," + base
	bobDN   = "CN=Bob,OU=Staff," + base
	adminDN = "CN=Admin,CN=Users," + base
)

// domain is a server under test and where it listens.
type domain struct {
	*adsim.Server
	addr, tlsAddr string
	roots         *x509.CertPool
}

// start serves the configuration on loopback, in the clear and over TLS, until
// the test ends. Domain and TLS have defaults.
func start(t testing.TB, cfg adsim.Config) *domain {
	t.Helper()
	if cfg.Domain == "" {
		cfg.Domain = "corp.example.com"
	}
	d := &domain{roots: x509.NewCertPool()}
	if cfg.TLS == nil {
		server, ca, err := adsim.SelfSigned("localhost", "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		cfg.TLS = server
		d.roots.AppendCertsFromPEM(ca)
	}
	var err error
	if d.Server, err = adsim.New(cfg); err != nil {
		t.Fatal(err)
	}
	d.addr = d.listen(t, d.Serve)
	d.tlsAddr = d.listen(t, d.ServeTLS)
	return d
}

// startSeed is start with LDIF and nothing else.
func startSeed(t testing.TB, ldif string) *domain {
	t.Helper()
	return start(t, adsim.Config{Seed: strings.NewReader(ldif)})
}

func (d *domain) listen(t testing.TB, serve func(context.Context, net.Listener) error) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("got %v from the server, want nil", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("the server does not end")
		}
	})
	return ln.Addr().String()
}

// dial opens a clear connection.
func (d *domain) dial(t testing.TB) *ldap.Conn {
	t.Helper()
	return d.open(t, "ldap://"+d.addr)
}

// dialTLS opens a connection over TLS.
func (d *domain) dialTLS(t testing.TB) *ldap.Conn {
	t.Helper()
	return d.open(t, "ldaps://"+d.tlsAddr, ldap.DialWithTLSConfig(&tls.Config{RootCAs: d.roots}))
}

func (d *domain) open(t testing.TB, url string, options ...ldap.DialOpt) *ldap.Conn {
	t.Helper()
	c, err := ldap.DialURL(url, options...)
	if err != nil {
		t.Fatal(err)
	}
	c.SetTimeout(10 * time.Second)
	t.Cleanup(func() { c.Close() })
	return c
}

// admin opens a connection over TLS and binds the administrator.
func (d *domain) admin(t testing.TB) *ldap.Conn {
	t.Helper()
	return d.as(t, adminDN, "Adm1n!!")
}

func (d *domain) as(t testing.TB, name, password string) *ldap.Conn {
	t.Helper()
	c := d.dialTLS(t)
	if err := c.Bind(name, password); err != nil {
		t.Fatal(err)
	}
	return c
}

// ask makes a subtree search of the domain.
func ask(filter string, attributes ...string) *ldap.SearchRequest {
	return ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, nil)
}

// read returns one entry by DN.
func read(t testing.TB, c *ldap.Conn, dn string, attributes ...string) *ldap.Entry {
	t.Helper()
	request := ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", attributes, nil)
	found, err := c.Search(request)
	if err != nil {
		t.Fatalf("read %s: %v", dn, err)
	}
	if len(found.Entries) != 1 {
		t.Fatalf("read %s: got %d entries, want 1", dn, len(found.Entries))
	}
	return found.Entries[0]
}

// names runs a search and returns the common names found, sorted.
func names(t testing.TB, c *ldap.Conn, request *ldap.SearchRequest) []string {
	t.Helper()
	found, err := c.Search(request)
	if err != nil {
		t.Fatalf("search %s: %v", request.Filter, err)
	}
	var all []string
	for _, entry := range found.Entries {
		first, _, _ := strings.Cut(entry.DN, ",")
		_, value, _ := strings.Cut(first, "=")
		all = append(all, value)
	}
	slices.Sort(all)
	return all
}

// wantCode checks the LDAP result of an operation; 0 is success.
func wantCode(t testing.TB, err error, want uint16) {
	t.Helper()
	var got uint16
	var e *ldap.Error
	switch {
	case errors.As(err, &e):
		got = e.ResultCode
	case err != nil:
		t.Fatalf("got %v, want LDAP result %d", err, want)
	}
	if got != want {
		t.Errorf("got LDAP result %d (%v), want %d", got, err, want)
	}
}

// wantText checks what a diagnostic message holds.
func wantText(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want a text with %q", err, want)
	}
}

// eventually polls until holds, at most five seconds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		if holds() {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Errorf("%s does not come true", what)
}
