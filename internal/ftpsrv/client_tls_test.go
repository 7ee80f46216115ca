package ftpsrv_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// clientTLS is what a client knows of TLS.
type clientTLS struct {
	control, data *tls.Conn // nil in clear text
	tickets       tls.ClientSessionCache
	newest        uint16 // version of TLS; 0 is the newest there is
}

// testCertificate is the certificate of all servers here, and what clients trust.
var testCertificate = sync.OnceValues(func() (*ftptls.Certificates, *x509.CertPool) {
	certs, trust, err := ftptls.SelfMade("localhost", "127.0.0.1", "::1")
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(trust)
	return certs, roots
})

// withTLS offers TLS.
func withTLS(cfg *ftpsrv.Config) {
	certs, _ := testCertificate()
	cfg.TLS = ftptls.New(ftptls.Config{Certificates: certs})
}

func clientConfig(tickets tls.ClientSessionCache) *tls.Config {
	_, roots := testCertificate()
	return &tls.Config{ServerName: "localhost", RootCAs: roots, ClientSessionCache: tickets}
}

// layer is TLS of the client's version on a connection.
func (k *clientTLS) layer(nc net.Conn, tickets tls.ClientSessionCache) *tls.Conn {
	cfg := clientConfig(tickets)
	cfg.MaxVersion = k.newest
	return tls.Client(nc, cfg)
}

// control is the control connection's stream.
func (c *client) control() net.Conn {
	if c.tls.control != nil {
		return c.tls.control
	}
	return c.nc
}

// stream is the data connection's stream.
func (c *client) stream() net.Conn {
	if c.tls.data != nil {
		return c.tls.data
	}
	return c.data
}

// handshake begins TLS on the control connection, behind 234 or at once.
func (c *client) handshake() {
	c.t.Helper()
	if c.tls.tickets == nil {
		c.tls.tickets = tls.NewLRUClientSessionCache(1)
	}
	c.tls.control = c.tls.layer(c.nc, c.tls.tickets)
	_ = c.nc.SetDeadline(time.Now().Add(patience))
	if err := c.tls.control.Handshake(); err != nil {
		c.t.Fatalf("TLS on the control connection: %v", err)
	}
	c.r = bufio.NewReader(c.tls.control)
}

// secure makes the TLS handshake on the data connection.
func (c *client) secure(tickets tls.ClientSessionCache) error {
	c.tls.data = c.tls.layer(c.data, tickets)
	return c.tls.data.Handshake()
}

// authTLS begins TLS with protected data connections.
func (c *client) authTLS() {
	c.t.Helper()
	c.cmd("AUTH TLS", "234 ")
	c.handshake()
	c.cmd("PBSZ 0", "200 ")
	c.cmd("PROT P", "200 ")
}

// ticketsOf are those of another session with the same server, logged in as user. Its
// control connection resumes what it finds in tickets, if that is not nil.
func ticketsOf(t testing.TB, addr, user string, tickets tls.ClientSessionCache) tls.ClientSessionCache {
	t.Helper()
	other := dial(t, addr)
	other.tls.tickets = tickets
	other.want("220 ")
	other.authTLS()
	other.cmd("USER "+user, "331 ")
	other.cmd("PASS "+password, "230 ") // TLS 1.3's ticket has come before it
	t.Cleanup(other.close)
	return other.tls.tickets
}
