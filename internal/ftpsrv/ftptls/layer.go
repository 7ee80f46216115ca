package ftptls

import (
	"crypto/tls"
	"crypto/x509"
)

// Config is what an administrator decides.
type Config struct {
	Certificates *Certificates // required
	Clients      ClientCertificates
	ClientCAs    *x509.CertPool // who may sign clients' certificates
	RequireReuse bool           // a data connection must resume its control connection's TLS session
}

// Layer makes TLS connections of one server.
type Layer struct {
	cfg Config
	// tickets holds the keys of all session tickets. crypto/tls makes and rotates
	// them daily.
	tickets  *tls.Config
	families families
}

// New makes a layer.
func New(cfg Config) *Layer {
	return &Layer{cfg: cfg, tickets: &tls.Config{MinVersion: tls.VersionTLS12}}
}

// common is what control and data connections share. Suites and curves are those
// that crypto/tls chooses: without RC4, 3DES, anonymous or RSA key exchanges.
func (l *Layer) common(protocols ...string) *tls.Config {
	cfg := &tls.Config{
		MinVersion: tls.VersionTLS12,
		// A client that offers protocols without ours speaks something else, and is
		// refused by crypto/tls (RFC 7301 section 3.2; the defence against ALPACA).
		NextProtos: protocols,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return l.cfg.Certificates.current.Load(), nil
		},
		ClientCAs: l.cfg.ClientCAs,
	}
	switch l.cfg.Clients {
	case CertAllow:
		cfg.ClientAuth = tls.VerifyClientCertIfGiven
	case CertRequire:
		cfg.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return cfg
}
