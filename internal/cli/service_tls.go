package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// certificateWarning is how long before its end a certificate is worth a warning.
const certificateWarning = 14 * 24 * time.Hour

// siteCertificates reads the certificate of a site; nil where it has none.
func siteCertificates(site config.Site) (*ftptls.Certificates, error) {
	ssl := site.Security.SSL
	if ssl.ServerCertFile == "" {
		return nil, nil
	}
	key := ssl.ServerKeyFile
	if key == "" {
		key = ssl.ServerCertFile
	}
	certificates, err := ftptls.Load(ssl.ServerCertFile, key)
	if err != nil {
		return nil, hint(usage("%w", err), "security.ssl of the site names a PEM file with the certificate and its chain, and one with the key")
	}
	return certificates, nil
}

// protect gives the engine's settings what the site says of TLS.
func protect(settings *ftpsrv.Config, site config.Site, certificates *ftptls.Certificates) error {
	settings.ControlPolicy = policyOf(site.Security.SSL.ControlChannelPolicy)
	settings.DataPolicy = policyOf(site.Security.SSL.DataChannelPolicy)
	if certificates == nil {
		return nil
	}
	cfg := ftptls.Config{
		Certificates: certificates,
		RequireReuse: site.Security.DataChannelSecurity.RequireTLSSessionReuse,
	}
	clients := site.Security.SSLClientCertificates
	switch clients.ClientCertificatePolicy {
	case words.CertAllow:
		cfg.Clients = ftptls.CertAllow
	case words.CertRequire:
		cfg.Clients = ftptls.CertRequire
	}
	if clients.ClientCAFile != "" {
		authorities, err := readCAFile(clients.ClientCAFile)
		if err != nil {
			return err
		}
		cfg.ClientCAs = authorities
	}
	settings.TLS = ftptls.New(cfg)
	return nil
}

func policyOf(p words.SSLPolicy) ftptls.Policy {
	switch p {
	case words.SSLRequire:
		return ftptls.Require
	case words.SSLRequireCredentialsOnly:
		return ftptls.RequireCredentials
	case words.SSLDeny:
		return ftptls.Deny
	}
	return ftptls.Allow
}

// warnOfExpiry says that a certificate ends soon, or has ended.
func warnOfExpiry(log *slog.Logger, certificates *ftptls.Certificates) {
	if certificates == nil {
		return
	}
	end := certificates.NotAfter()
	switch left := time.Until(end); {
	case left <= 0:
		log.Error("the server's certificate has expired; clients that check it will refuse it", "expired", end)
	case left < certificateWarning:
		log.Warn("the server's certificate expires soon", "expires", end)
	}
}

// door is a listener of a site.
type door struct {
	net.Listener
	implicit bool // TLS from the first octet on
}

// openDoors listens on all bindings of a site, or on none.
func openDoors(ctx context.Context, site config.Site) ([]door, error) {
	var doors []door
	for _, binding := range site.Bindings {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", binding.Address())
		if err != nil {
			closeDoors(doors)
			return nil, hint(&exitError{code: exitFailed, err: err}, "is another server on that port? Ports below 1024 need a privilege")
		}
		doors = append(doors, door{listener, binding.Implicit() && site.Security.SSL.ServerCertFile != ""})
	}
	return doors, nil
}

func closeDoors(doors []door) {
	for _, d := range doors {
		_ = d.Close()
	}
}

// String names a door for the log.
func (d door) String() string {
	if d.implicit {
		return fmt.Sprintf("ftps://%v", d.Addr())
	}
	return d.Addr().String()
}
