package ldapattr

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

const (
	portLDAP  = "389"
	portLDAPS = "636"
)

// target is one way to one domain controller.
type target struct {
	host     string // as written or as DNS named it: for messages and the Kerberos service name
	port     string
	certName string // what its certificate must be made out to
	ldaps    bool
	startTLS bool
}

// address is what to connect to.
func (t target) address() string { return net.JoinHostPort(t.host, t.port) }

// encrypted says whether TLS protects the connection before any bind.
func (t target) encrypted() bool { return t.ldaps || t.startTLS }

// String returns the URL of the target.
func (t target) String() string {
	scheme := "ldap://"
	if t.ldaps {
		scheme = "ldaps://"
	}
	return scheme + t.address()
}

// parseServer reads one URL of Config.Servers.
func parseServer(s string, startTLS bool) (target, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return target{}, errors.New("is not a URL such as ldaps://dc1.corp.example.com")
	}
	t := target{host: strings.TrimSuffix(u.Hostname(), "."), port: u.Port()}
	switch strings.ToLower(u.Scheme) {
	case "ldap":
		t.startTLS = startTLS
	case "ldaps":
		t.ldaps = true
	default:
		return target{}, fmt.Errorf("begins with %s://; only ldap:// and ldaps:// are possible", abridge(u.Scheme))
	}
	if t.host == "" {
		return target{}, errors.New("names no host")
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return target{}, errors.New("has more than scheme, host and port")
	}
	t.certName = t.host
	return withPort(t)
}

// withoutLogin drops what stands before an "@", which may hold a password.
func withoutLogin(server string) string {
	return server[strings.LastIndexByte(server, '@')+1:]
}

// withPort fills in the usual port and refuses the global catalog's.
func withPort(t target) (target, error) {
	switch {
	case t.port == "" && t.ldaps:
		t.port = portLDAPS
	case t.port == "":
		t.port = portLDAP
	case t.port == "3268" || t.port == "3269":
		// Both attributes are outside the global catalog's partial set: every
		// user would look as if it had no home.
		return target{}, fmt.Errorf("names the global catalog (port %s), which does not hold the FTP attributes; use port %s or %s",
			t.port, portLDAP, portLDAPS)
	}
	return t, nil
}

// checkDomain accepts DNS names; single labels are rare but legal in AD.
func checkDomain(domain string) error {
	const most = 253
	if domain == "" || len(domain) > most {
		return errors.New("is not a DNS domain name")
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notHostRune) {
			return errors.New("is not a DNS domain name")
		}
	}
	return nil
}

// notHostRune also takes the underscore, which Active Directory allows.
func notHostRune(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
}
