package adsim_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

func TestTLS_startTLS(t *testing.T) {
	d := startSeed(t, seed)
	c := d.dial(t)
	wantCode(t, c.Bind(aliceDN, "Wonder1and!"), 0)
	if err := c.StartTLS(&tls.Config{RootCAs: d.roots, ServerName: "localhost"}); err != nil {
		t.Fatal(err)
	}
	if who, err := c.WhoAmI(nil); err != nil || who.AuthzID != "" {
		t.Errorf("got %v, %v after StartTLS, want nobody", who, err)
	}
	wantCode(t, c.Bind(adminDN, "Adm1n!!"), 0)
	if got := names(t, c, ask("(cn=alice)")); len(got) != 1 {
		t.Errorf("got %q, want alice", got)
	}
	if got := d.Stats(); got.ClearBinds != 1 || got.Binds != 2 {
		t.Errorf("got %d binds, %d in the clear, want 2 and 1", got.Binds, got.ClearBinds)
	}
}

func TestTLS_withoutCertificate(t *testing.T) {
	s, err := adsim.New(adsim.Config{Domain: "corp.example.com", Seed: strings.NewReader(seed)})
	if err != nil {
		t.Fatal(err)
	}
	d := &domain{Server: s}
	d.addr = d.listen(t, d.Serve)
	// go-ldap does not read on after a refused StartTLS; hence a connection of its own.
	wantCode(t, d.dial(t).StartTLS(&tls.Config{ServerName: "localhost"}), ldap.LDAPResultUnavailable)
	c := d.dial(t)
	wantCode(t, c.Bind(aliceDN, "Wonder1and!"), 0)
	for _, a := range read(t, c, "", "supportedExtension").GetAttributeValues("supportedExtension") {
		if a == "1.3.6.1.4.1.1466.20037" {
			t.Error("StartTLS is offered")
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ServeTLS(t.Context(), ln); err == nil {
		t.Error("got nil from ServeTLS, want an error")
	}
}

func TestTLS_twice(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.rawTLS(t)
	raw.send(startTLSRequest(1))
	if code := raw.result(); code != ldap.LDAPResultOperationsError {
		t.Errorf("got result %d, want %d", code, ldap.LDAPResultOperationsError)
	}
}

// A command smuggled behind StartTLS in the clear must not be run under TLS.
func TestTLS_bytesBehindStartTLSEndTheConnection(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.raw(t)
	raw.send(append(startTLSRequest(1), bindRequest(2, aliceDN, "Wonder1and!")...))
	if got := raw.rest(); len(got) != 0 {
		t.Errorf("got %x, want the end", got)
	}
	if got := d.Stats().Binds; got != 0 {
		t.Errorf("got %d binds, want 0", got)
	}
}

func TestTLS_handshakeWithNonsense(t *testing.T) {
	d := startSeed(t, seed)
	raw := d.raw(t)
	raw.send(startTLSRequest(1))
	if code := raw.result(); code != 0 {
		t.Fatalf("got result %d, want 0", code)
	}
	raw.send(bindRequest(2, aliceDN, "Wonder1and!"))
	raw.rest() // an alert at most
	if got := d.Stats().Binds; got != 0 {
		t.Errorf("got %d binds, want 0", got)
	}
}

func TestSelfSigned(t *testing.T) {
	config, ca, err := adsim.SelfSigned("dc1.corp.example.com", "127.0.0.1", "::1")
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(ca)
	if block == nil || len(rest) != 0 {
		t.Fatal("want one PEM block")
	}
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(config.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	for name, want := range map[string]bool{"dc1.corp.example.com": true, "127.0.0.1": true, "::1": true, "other.example.com": false, "127.0.0.2": false} {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
		if (err == nil) != want {
			t.Errorf("%s: got %v, want acceptance %v", name, err, want)
		}
	}
	if leaf.IsCA || !root.IsCA {
		t.Error("the authority must be one, the server must not")
	}
	if left := time.Until(leaf.NotAfter); left > 31*24*time.Hour || left < 24*time.Hour {
		t.Errorf("got a certificate for %v, want days", left)
	}
	_, other, err := adsim.SelfSigned()
	if err != nil || string(other) == string(ca) {
		t.Errorf("got %v and the same authority twice", err)
	}
}
