// Package adsimtest serves embedded directories to tests.
package adsimtest

import (
	"context"
	"crypto/x509"
	"net"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// Directory is one that is served.
type Directory struct {
	*adsim.Server
	URL   string
	Roots *x509.CertPool // that its certificate stands on; nil without TLS
}

// Start serves a directory on 127.0.0.1 until the test ends.
func Start(t testing.TB, cfg adsim.Config) Directory {
	t.Helper()
	d := Directory{Server: made(t, cfg)}
	d.URL = "ldap://" + serving(t, d.Serve)
	return d
}

// StartTLS serves a directory by LDAPS on 127.0.0.1 until the test ends, with a
// certificate of its own.
func StartTLS(t testing.TB, cfg adsim.Config) Directory {
	t.Helper()
	certificate, authority, err := adsim.SelfSigned("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	cfg.TLS = certificate
	d := Directory{Server: made(t, cfg), Roots: x509.NewCertPool()}
	d.Roots.AppendCertsFromPEM(authority)
	d.URL = "ldaps://" + serving(t, d.ServeTLS)
	return d
}

func made(t testing.TB, cfg adsim.Config) *adsim.Server {
	t.Helper()
	server, err := adsim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func serving(t testing.TB, serve func(context.Context, net.Listener) error) (address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}
