//go:build embedded && unix

package main_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const reuseConfig = `
directory: {server: ["%[1]s"], caFile: "%[2]s", bindUser: "%[3]s", passwordFile: "%[4]s"}
allowRoot: true
pathMap:
  - {from: '\\files.demo.example\ftp$', to: "%[5]s"}
sites:
  - name: reuse
    bindings: ["%[6]s"]
    security:
      ssl: {controlChannelPolicy: SslRequire, dataChannelPolicy: SslRequire, serverCertFile: "%[7]s"}
      dataChannelSecurity: {requireTlsSessionReuse: true}
    userIsolation: {mode: ActiveDirectory}
    logFile: {enabled: false}
`

// serveReuse runs the service beside a demo, whose domain and homes it uses. It
// demands that data connections resume the control connection's TLS session.
func serveReuse(t *testing.T, d *demo) *demo {
	t.Helper()
	dir := t.TempDir()
	server := &demo{homes: d.homes, trust: filepath.Join(dir, "server.pem"), ftp: freeAddress(t)}
	if err := os.WriteFile(server.trust, certificate(t), 0o600); err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, line := range d.env {
		name, value, _ := strings.Cut(line, "=")
		set[name] = value
	}
	config := filepath.Join(dir, "ftpisoctl.yaml")
	text := fmt.Sprintf(reuseConfig, set["FTPISOCTL_SERVER"], set["FTPISOCTL_CA_FILE"], set["FTPISOCTL_BIND_USER"], set["FTPISOCTL_PASSWORD_FILE"],
		d.homes, server.ftp, server.trust)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	process := exec.Command(binary, "serve", "--config", config)
	var messages strings.Builder
	process.Stdout, process.Stderr = &messages, &messages
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Signal(syscall.SIGTERM)
		if err := process.Wait(); err != nil {
			t.Errorf("serve: %v\n%s", err, messages.String())
		}
	})
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); ; <-tick.C {
		if nc, err := net.Dial("tcp", server.ftp); err == nil {
			_ = nc.Close()
			return server
		}
		if time.Now().After(end) {
			t.Fatal("serve does not answer")
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// certificate is one for this machine, with its key, in PEM.
func certificate(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
}

// Clients that resume TLS sessions on data connections reach a server that demands it.
func TestReuse(t *testing.T) {
	server := serveReuse(t, startDemo(t))
	for _, client := range ftpClients() {
		if !slices.Contains([]string{"lftp", "python", "node", "go"}, client.name) {
			continue
		}
		t.Run(client.name, func(t *testing.T) {
			client.demand(t)
			j := newJourney(t, server, client.name, "explicit", "passive")
			client.run(t, j)
			j.check(t)
		})
	}
}

// The curl of Debian 12 resumes a session of TLS 1.3 once, and asks for no tickets in
// TLS 1.2. That is enough for a single file.
func TestReuse_curl(t *testing.T) {
	server := serveReuse(t, startDemo(t))
	file, want := randomFile(t, 1<<20)
	back := filepath.Join(t.TempDir(), "back.bin")
	secure := []string{"--ssl-reqd", "--cacert", server.trust}
	if out, code := server.curl(t, alice, "/one.bin", append(secure, "-T", file)...); code != 0 {
		t.Errorf("upload: exit %d, %s", code, out)
	}
	if out, code := server.curl(t, alice, "/one.bin", append(secure, "-o", back)...); code != 0 || sumOf(t, back) != want {
		t.Errorf("download: exit %d, %s", code, out)
	}
	// It depends on who is faster whether curl tells of the reply or of the connection that is gone.
	out, code := server.curl(t, alice, "/two.bin", append(secure, "--no-sessionid", "-T", file)...)
	if code == 0 || !strings.Contains(out, "425") && !strings.Contains(out, "Send failure") {
		t.Errorf("without a session: exit %d, %s", code, out)
	}
	if _, err := os.Stat(filepath.Join(server.homes, "alice", "two.bin")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a session: stored, %v", err)
	}
}

// A client that does not resume is told so in words, and stores nothing.
func TestReuse_refused(t *testing.T) {
	server := serveReuse(t, startDemo(t))
	j := newJourney(t, server, "python", "explicit", "passive")
	script, err := filepath.Abs(filepath.Join("testdata", "clients", "python.py"))
	if err != nil {
		t.Fatal(err)
	}
	out, code := run(t, append(j.environment(t), "FTP_REUSE=no"), "python3", script)
	if code == 0 || !strings.Contains(out, "425 ") {
		t.Errorf("exit %d, %s", code, out)
	}
	if stored, err := sums(j.disk("copy")); err != nil || len(stored) != 0 {
		t.Errorf("stored %v, %v", stored, err)
	}
}
