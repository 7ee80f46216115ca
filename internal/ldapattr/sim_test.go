package ldapattr_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

const (
	baseDN    = "DC=corp,DC=example,DC=com"
	alicePass = "Wonder1and!"
	bobPass   = "Bui1der!!"
	malPass   = "Mal1ce!!"
	adminPass = "Adm1n!!!"
)

const seed = `dn: OU=Staff,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: OU=Other,DC=corp,DC=example,DC=com
objectClass: organizationalUnit

dn: CN=Alice,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice
userPrincipalName: alice@corp.example.com
userPassword: Wonder1and!
msIIS-FTPRoot: \\fs01.corp.example.com\ftp$
msIIS-FTPDir: alice

dn: CN=Bob,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: bob
userPassword: Bui1der!!
msIIS-FTPRoot: \\fs01.corp.example.com\ftp$
msIIS-FTPDir: bob

dn: CN=Mallory,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: mallory
userPrincipalName: bob@corp.example.com
userPassword: Mal1ce!!
msIIS-FTPRoot: \\fs01.corp.example.com\ftp$
msIIS-FTPDir: mallory

dn: CN=Carol,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: carol
userAccountControl: 514
userPassword: Car0l!!!

dn: CN=Twin A,OU=Staff,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: twina
userPrincipalName: twin@elsewhere.example

dn: CN=Twin B,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: twinb
userPrincipalName: twin@elsewhere.example

dn: CN=Smith\, John,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: smith (x)*

dn: CN=PC7,OU=Staff,DC=corp,DC=example,DC=com
objectClass: computer
sAMAccountName: pc7$
userPrincipalName: pc7@corp.example.com

dn: CN=Friend,OU=Staff,DC=corp,DC=example,DC=com
objectClass: contact

dn: CN=Admin,OU=Other,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: admin
userPrincipalName: admin@corp.example.com
userPassword: Adm1n!!!
memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com

`

// certificate is made once: it is the slow part of every test here.
var certificate = sync.OnceValues(func() (*tls.Config, *x509.CertPool) {
	config, pem, err := adsim.SelfSigned("localhost", "dc1.corp.example.com", "dc1.sales.corp.example.com", "127.0.0.1")
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return config, pool
})

// sim is an embedded domain controller on loopback.
type sim struct {
	*adsim.Server
	ldap, ldaps string // URLs
	port        string // of ldap
	stop        func() // the power cord
}

func newSim(t testing.TB, domain, ldif string) *sim {
	t.Helper()
	config, _ := certificate()
	return serve(t, adsim.Config{Domain: domain, NetBIOS: "CORP", Seed: strings.NewReader(ldif), TLS: config, RequireTLS: true})
}

func newCorp(t testing.TB) *sim { return newSim(t, "corp.example.com", seed) }

// newLax takes passwords in clear.
func newLax(t testing.TB) *sim {
	return serve(t, adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(seed)})
}

func serve(t testing.TB, cfg adsim.Config) *sim {
	t.Helper()
	server, err := adsim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return run(t, server)
}

// run serves a domain on loopback.
func run(t testing.TB, server *adsim.Server) *sim {
	t.Helper()
	s := &sim{Server: server}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	start := func(serve func(context.Context, net.Listener) error) string {
		ln := listen(t)
		running.Go(func() { _ = serve(ctx, ln) })
		_, port, _ := net.SplitHostPort(ln.Addr().String())
		return port
	}
	s.port = start(server.Serve)
	s.ldap, s.ldaps = "ldap://localhost:"+s.port, "ldaps://localhost:"+start(server.ServeTLS)
	s.stop = func() { cancel(); running.Wait() }
	t.Cleanup(s.stop)
	return s
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

// asAdmin binds as a member of Domain Admins over LDAPS.
func (s *sim) asAdmin() ldapattr.Config { return s.as("admin@corp.example.com", adminPass) }

func (s *sim) as(user, password string) ldapattr.Config {
	_, roots := certificate()
	return ldapattr.Config{Servers: []string{s.ldaps}, RootCAs: roots, Timeout: 5 * time.Second,
		Bind: ldapattr.Bind{User: user, Password: secret.New(password)}}
}

// dial is another tool's connection, as the administrator.
func (s *sim) dial(t testing.TB) *ldap.Conn {
	t.Helper()
	_, roots := certificate()
	conn, err := ldap.DialURL(s.ldaps, ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.Bind("admin@corp.example.com", adminPass); err != nil {
		t.Fatal(err)
	}
	return conn
}

func open(t testing.TB, cfg ldapattr.Config) *ldapattr.Directory {
	t.Helper()
	d, err := ldapattr.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("Open: %v (%s)", err, hintOf(err))
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// openError opens what must not open.
func openError(t testing.TB, cfg ldapattr.Config, kind error) *ldapattr.Error {
	t.Helper()
	d, err := ldapattr.Open(t.Context(), cfg)
	if err == nil {
		_ = d.Close()
	}
	return asError(t, err, kind)
}

// crowd is a seed with n users more.
func crowd(n int) string {
	var b bytes.Buffer
	b.WriteString(seed)
	for i := range n {
		fmt.Fprintf(&b, "dn: CN=User %[1]d,OU=Other,%[2]s\nobjectClass: user\nsAMAccountName: u%05[1]d\nmsIIS-FTPDir: u%05[1]d\n\n", i, baseDN)
	}
	return b.String()
}

// accept gives each connection to a goroutine of its own and returns the address.
// When the test ends they are closed and the goroutines waited for.
func accept(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	ln := listen(t)
	var (
		mu      sync.Mutex
		open    []net.Conn
		running sync.WaitGroup
	)
	running.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			running.Go(func() { handle(conn) })
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		mu.Lock()
		for _, conn := range open {
			_ = conn.Close()
		}
		mu.Unlock()
		running.Wait()
	})
	return ln.Addr().String()
}

// mute accepts connections, says what is given to it, and nothing after.
func mute(t testing.TB, says []byte) string {
	t.Helper()
	return accept(t, func(conn net.Conn) {
		var request [4096]byte
		if _, err := conn.Read(request[:]); err == nil {
			_, _ = conn.Write(says)
		}
	})
}

// nested is BER of so many elements within each other, and so many octets: the
// library that parses it copies them once per level.
func nested(levels, size int) []byte {
	element := func(tag byte, length int) []byte {
		return binary.BigEndian.AppendUint32([]byte{tag, 0x84}, uint32(length))
	}
	var octets []byte
	for left := size - 6; levels > 1; levels-- {
		octets = append(octets, element(0x30, left)...)
		left -= 6
		size -= 6
	}
	octets = append(octets, element(0x04, size-6)...)
	return append(octets, make([]byte, size-6)...)
}

// allocates runs fn, which must not make more than so many octets of garbage.
func allocates(t testing.TB, most uint64, fn func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > most {
		t.Errorf("%d KiB were allocated, want at most %d", got>>10, most>>10)
	}
}

// relay passes a connection's octets on to an address; back handles the answers.
func relay(conn net.Conn, address string, back func(conn, behind net.Conn)) {
	defer conn.Close()
	behind, err := net.Dial("tcp", strings.TrimPrefix(address, "ldap://"))
	if err != nil {
		return
	}
	var there sync.WaitGroup
	there.Go(func() { _, _ = io.Copy(behind, conn); _ = behind.Close() })
	back(conn, behind)
	_ = conn.Close()
	there.Wait()
}

// until polls a condition for at most ten seconds.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("not within ten seconds: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
