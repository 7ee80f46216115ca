package ftptls_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// pair is a TCP connection on loopback.
func pair(t *testing.T) (client, server *net.TCPConn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	accepted := make(chan net.Conn, 1)
	go func() {
		nc, err := ln.Accept()
		if err != nil {
			t.Error(err)
		}
		accepted <- nc
	}()
	nc, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	client, server = nc.(*net.TCPConn), (<-accepted).(*net.TCPConn)
	for _, c := range []net.Conn{client, server} {
		_ = c.SetDeadline(time.Now().Add(10 * time.Second))
		t.Cleanup(func() { _ = c.Close() })
	}
	return client, server
}

// site is a layer, and what its clients trust.
type site struct {
	*ftptls.Layer
	certs *ftptls.Certificates
	roots *x509.CertPool
}

func newSite(t *testing.T, change func(*ftptls.Config)) *site {
	t.Helper()
	certs, trust, err := ftptls.SelfMade("localhost", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(trust) {
		t.Fatal("the PEM text holds no certificate")
	}
	cfg := ftptls.Config{Certificates: certs}
	if change != nil {
		change(&cfg)
	}
	return &site{ftptls.New(cfg), certs, roots}
}

// tickets is a client's memory of one control connection's tickets.
type tickets struct {
	state *tls.ClientSessionState
	puts  int
}

func (c *tickets) Get(string) (*tls.ClientSessionState, bool) { return c.state, c.state != nil }

func (c *tickets) Put(_ string, state *tls.ClientSessionState) {
	c.puts++
	if state != nil {
		c.state = state
	}
}

// client makes the configuration of a client, of one version of TLS.
func (s *site) client(version uint16, cache tls.ClientSessionCache) *tls.Config {
	return &tls.Config{
		ServerName: "localhost", RootCAs: s.roots, ClientSessionCache: cache,
		MinVersion: version, MaxVersion: version,
	}
}

// login opens a control connection whose client has read a first octet, and with
// it the ticket of TLS 1.3.
func (s *site) login(t *testing.T, cfg *tls.Config) (client *tls.Conn, session *ftptls.Session) {
	t.Helper()
	near, far := pair(t)
	client = tls.Client(near, cfg)
	ended := make(chan error, 1)
	go func() {
		err := client.Handshake()
		if err == nil {
			_, err = io.ReadFull(client, make([]byte, 1))
		}
		ended <- err
	}()
	session, err := s.Control(context.Background(), far, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.Write([]byte("2")); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return client, session
}

// settle sends two commands, behind which the client must have its ticket.
func settle(t *testing.T, client *tls.Conn, session *ftptls.Session) {
	t.Helper()
	for range 2 {
		if _, err := client.Write([]byte("NOOP")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(session, make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
	}
}

// open makes a data connection of the session with a client's configuration.
func open(t *testing.T, session *ftptls.Session, cfg *tls.Config) (client *tls.Conn, data *ftptls.Data, err error) {
	t.Helper()
	near, far := pair(t)
	client = tls.Client(near, cfg)
	ended := make(chan error, 1)
	go func() { ended <- client.Handshake() }()
	data, err = session.Data(context.Background(), far)
	if clientErr := <-ended; clientErr != nil && err == nil {
		t.Fatalf("the client's handshake: %v", clientErr)
	}
	return client, data, err
}

// versions runs a test for each version of TLS.
func versions(t *testing.T, test func(t *testing.T, version uint16)) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) { test(t, version) })
	}
}
