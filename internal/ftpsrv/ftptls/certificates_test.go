package ftptls_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{}
	der, key := a.make(t, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

func (a *authority) make(t *testing.T, template *x509.Certificate) ([]byte, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, _ = rand.Int(rand.Reader, big.NewInt(1<<62))
	template.Subject = pkix.Name{CommonName: "test"}
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	return der, key
}

// client makes a certificate for clients.
func (a *authority) client(t *testing.T, usage x509.ExtKeyUsage, notAfter time.Time) tls.Certificate {
	template := &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{usage}}
	if !notAfter.IsZero() {
		template.NotBefore, template.NotAfter = notAfter.Add(-time.Hour), notAfter
	}
	der, key := a.make(t, template)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// write puts a server's pair into one file and returns its name.
func (a *authority) write(t *testing.T, file string) {
	t.Helper()
	der, key := a.make(t, &x509.Certificate{DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChecklist_T9_aBrokenReloadKeepsTheOldPair(t *testing.T) {
	a := newAuthority(t)
	file := filepath.Join(t.TempDir(), "server.pem")
	a.write(t, file)
	certs, err := ftptls.Load(file, file)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{ftptls.New(ftptls.Config{Certificates: certs}), certs, a.pool()}
	serial := func() string {
		client, _ := s.login(t, s.client(tls.VersionTLS13, nil))
		return client.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	first := serial()
	if err := os.WriteFile(file, []byte("half a certif"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := certs.Reload(); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error that names the file", err)
	}
	if got := serial(); got != first {
		t.Error("a failed reload has lost the old pair")
	}
	a.write(t, file)
	if err := certs.Reload(); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got == first {
		t.Error("the new pair is not in use")
	}
	if left := time.Until(certs.NotAfter()); left <= 0 || left > time.Hour {
		t.Errorf("expires in %v, want an hour", left)
	}
}

func TestChecklist_T9_brokenPairsAndOpenKeysAreRefused(t *testing.T) {
	dir := t.TempDir()
	a := newAuthority(t)
	file := filepath.Join(dir, "server.pem")
	a.write(t, file)
	if _, err := ftptls.Load(file, filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if _, err := ftptls.Load(file, dir); err == nil {
		t.Error("a folder is taken for a key")
	}
	other := filepath.Join(dir, "other.pem")
	a.write(t, other)
	if _, err := ftptls.Load(file, other); err == nil {
		t.Error("a key of another certificate is accepted")
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ftptls.Load(file, file); err == nil || !strings.Contains(err.Error(), "chmod 0600") {
		t.Errorf("got %v, want a refusal that tells what helps", err)
	}
}

// Clients' certificates on the control connection (T10).
func TestChecklist_T10_clientCertificates(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	var never time.Time
	good := a.client(t, x509.ExtKeyUsageClientAuth, never)
	bad := map[string]tls.Certificate{
		"of a stranger": stranger.client(t, x509.ExtKeyUsageClientAuth, never),
		"expired":       a.client(t, x509.ExtKeyUsageClientAuth, time.Now().Add(-time.Minute)),
		"of a server":   a.client(t, x509.ExtKeyUsageServerAuth, never),
	}
	for _, mode := range []ftptls.ClientCertificates{ftptls.CertAllow, ftptls.CertRequire} {
		s := newSite(t, func(cfg *ftptls.Config) { cfg.Clients, cfg.ClientCAs = mode, a.pool() })
		cfg := s.client(tls.VersionTLS13, nil)
		if mode == ftptls.CertRequire {
			refused(t, s, cfg)
		} else {
			s.login(t, cfg)
		}
		cfg.Certificates = []tls.Certificate{good}
		s.login(t, cfg)
		for name, cert := range bad {
			t.Run(name, func(t *testing.T) {
				cfg := s.client(tls.VersionTLS13, nil)
				cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
				refused(t, s, cfg)
			})
		}
	}
}

// A data connection has the client certificate of its control connection.
func TestData_clientCertificate(t *testing.T) {
	a := newAuthority(t)
	var never time.Time
	s := newSite(t, func(cfg *ftptls.Config) { cfg.Clients, cfg.ClientCAs = ftptls.CertAllow, a.pool() })
	with := func(usage ...tls.Certificate) *tls.Config {
		cfg := s.client(tls.VersionTLS13, nil)
		cfg.Certificates = usage
		return cfg
	}
	mine, other := a.client(t, x509.ExtKeyUsageClientAuth, never), a.client(t, x509.ExtKeyUsageClientAuth, never)
	_, session := s.login(t, with(mine))
	for _, test := range []struct {
		name string
		cfg  *tls.Config
		want error
	}{
		{"same", with(mine), nil},
		{"other", with(other), ftptls.ErrOtherCert},
		{"none", with(), ftptls.ErrOtherCert},
	} {
		if _, _, err := open(t, session, test.cfg); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.want)
		}
	}
	_, plain := s.login(t, with())
	if _, _, err := open(t, plain, with(mine)); !errors.Is(err, ftptls.ErrOtherCert) {
		t.Errorf("a certificate on the data connection alone: got %v, want ErrOtherCert", err)
	}
}
