package cli

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// Port 990 and ftps:// begin with TLS if there is a certificate, and only then.
func TestOpenDoors_implicit(t *testing.T) {
	site := config.DefaultSite()
	site.Bindings = []config.Binding{"127.0.0.1:0", "ftps://127.0.0.1:0"}
	for _, cert := range []string{"", "ftp.pem"} {
		site.Security.SSL.ServerCertFile = cert
		doors, err := openDoors(t.Context(), site)
		if err != nil {
			t.Fatal(err)
		}
		closeDoors(doors)
		if doors[0].implicit || doors[1].implicit != (cert != "") {
			t.Errorf("certificate %q: got %v and %v", cert, doors[0].implicit, doors[1].implicit)
		}
	}
	for binding, want := range map[config.Binding]bool{"*:990": true, "[::1]:990": true, "*:9990": false, "*:21": false} {
		if got := binding.Implicit(); got != want {
			t.Errorf("%s: got %v", binding, got)
		}
	}
}

func TestProtect_policies(t *testing.T) {
	certificates, _, err := ftptls.SelfMade("localhost")
	if err != nil {
		t.Fatal(err)
	}
	site := config.DefaultSite()
	site.Security.SSL.ControlChannelPolicy, site.Security.SSL.DataChannelPolicy = words.SSLRequireCredentialsOnly, words.SSLDeny
	var settings ftpsrv.Config
	if err := protect(&settings, site, certificates); err != nil {
		t.Fatal(err)
	}
	if settings.TLS == nil || settings.ControlPolicy != ftptls.RequireCredentials || settings.DataPolicy != ftptls.Deny {
		t.Errorf("got %+v", settings)
	}
	site.Security.SSLClientCertificates = config.SSLClientCertificates{ClientCertificatePolicy: words.CertRequire, ClientCAFile: "absent.pem"}
	if err := protect(&settings, site, certificates); err == nil || !strings.Contains(err.Error(), "absent.pem") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

func TestSiteCertificates(t *testing.T) {
	site := config.DefaultSite()
	if c, err := siteCertificates(site); c != nil || err != nil {
		t.Errorf("without a file: got %v, %v", c, err)
	}
	file := filepath.Join(t.TempDir(), "ftp.pem")
	site.Security.SSL.ServerCertFile = file
	if _, err := siteCertificates(site); err == nil || exitCode(err) != exitUsage {
		t.Errorf("absent: got %v", err)
	}
	if err := os.WriteFile(file, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := siteCertificates(site); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

func TestWarnOfExpiry(t *testing.T) {
	certificates, _, err := ftptls.SelfMade("localhost") // good for 30 days
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	warnOfExpiry(log, nil)
	warnOfExpiry(log, certificates)
	if out.Len() > 0 {
		t.Errorf("got %s", &out)
	}
}
