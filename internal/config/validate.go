package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"

	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

// validate notes what the types cannot say.
func (f *File) validate(d *decoder) {
	f.Directory.validate(d)
	for i, server := range f.FileServers {
		if err := homedir.CheckServers(server.Name); err != nil {
			d.at(fmt.Sprintf("fileServers[%d].name", i), "%s", err)
		}
	}
	for i, root := range f.LocalRoots {
		if root.Kind() == homedir.KindUNC {
			d.at(fmt.Sprintf("localRoots[%d]", i), "%s is a share; file servers are listed in fileServers", root)
		}
	}
	for i, m := range f.PathMap {
		at := fmt.Sprintf("pathMap[%d]", i)
		switch {
		case m.From == homedir.Location{} || m.To == homedir.Location{}:
			d.at(at, "needs both from and to")
		case m.To.Kind() == homedir.KindUNC:
			d.at(at+".to", "%s is a share; a home is mapped to a local folder", m.To)
		}
	}
	f.DFS.validate(d, f.FileServers)
	f.Server.validate(d)
	if len(f.Sites) > 1 {
		d.at("sites[1]", "a second site; this version serves exactly one")
	}
	for i := range f.Sites {
		f.Sites[i].validate(d, fmt.Sprintf("sites[%d]", i))
	}
}

func (s *DirectorySection) validate(d *decoder) {
	s.Connection.validate(d, "directory")
	for i := range s.Profiles {
		p, at := &s.Profiles[i], fmt.Sprintf("directory.profiles[%d]", i)
		switch same := func(o Profile) bool { return strings.EqualFold(o.Name, p.Name) }; {
		case p.Name == "":
			d.at(at+".name", "a profile needs a name")
		case strings.ContainsFunc(p.Name, func(r rune) bool { return r <= ' ' || r == 0x7f }):
			d.at(at+".name", "%q is no name: it has blanks or control characters", p.Name)
		case slices.IndexFunc(s.Profiles, same) < i:
			d.at(at+".name", "%s is given twice", p.Name)
		}
		p.Connection.validate(d, at)
	}
}

func (c *Connection) validate(d *decoder, at string) {
	c.validateServers(d, at)
	if c.PasswordFile != "" && c.PasswordCommand != "" {
		d.at(at+".passwordCommand", "passwordFile is given too; only one can hold")
	}
	if err := CheckTLSPin(c.TLSPin); err != nil {
		d.at(at+".tlsPin", "%s", err)
	}
	d.atLeast(at+".timeout", c.Timeout, time.Millisecond)
}

func (c *Connection) validateServers(d *decoder, at string) {
	checkServers(d, at+".server", c.Server)
	for i, other := range c.Domains {
		key := fmt.Sprintf("%s.domains[%d]", at, i)
		switch same := func(o ForestDomain) bool { return strings.EqualFold(o.Domain, other.Domain) }; {
		case other.Domain == "":
			d.at(key+".domain", "names no domain")
		case len(other.Server) == 0:
			d.at(key+".server", "names no server; a domain that SRV records find needs no entry")
		case slices.IndexFunc(c.Domains, same) < i:
			d.at(key+".domain", "%s is given twice", other.Domain)
		}
		checkServers(d, key+".server", other.Server)
	}
}

func checkServers(d *decoder, key string, servers []string) {
	// A password with a comma in it has been split by now.
	if all := strings.Join(servers, ","); strings.Contains(all, "@") {
		d.at(key, "%s", CheckServer(all))
		return
	}
	for i, server := range servers {
		if err := CheckServer(server); err != nil {
			d.at(fmt.Sprintf("%s[%d]", key, i), "%s", err)
		}
	}
}

// CheckServer returns an error if s is no URL of a directory server. What stands
// before an "@" is a name and perhaps its password, and is not repeated.
func CheckServer(s string) error {
	const example = "ldaps://dc1.corp.example.com"
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		return fmt.Errorf("%q holds a login; a directory server is a URL such as %s", "…"+s[at:], example)
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || (u.Scheme != "ldap" && u.Scheme != "ldaps") ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q is no URL of a directory server, such as %s", s, example)
	}
	return nil
}

// CheckTLSPin returns an error if s is neither empty nor a SHA-256 in hex, with
// or without colons, or several separated by commas.
func CheckTLSPin(s string) error {
	if s == "" {
		return nil
	}
	for pin := range strings.SplitSeq(s, ",") {
		raw, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(pin), ":", ""))
		if err != nil || len(raw) != sha256.Size {
			return fmt.Errorf("%q is no SHA-256 fingerprint of 64 hex digits", pin)
		}
	}
	return nil
}

func (s *ServerSection) validate(d *decoder) {
	s.Security.Authentication.DenyByFailure.validate(d, "server.security.authentication.denyByFailure")
	const key = "server.firewallSupport"
	low, high := s.FirewallSupport.LowDataChannelPort, s.FirewallSupport.HighDataChannelPort
	switch {
	case low == 0 && high == 0:
	case low < 1024:
		d.at(key+".lowDataChannelPort", "%d is below 1024", low)
	case high < low:
		d.at(key+".highDataChannelPort", "%d is below lowDataChannelPort, %d", high, low)
	}
}

func (s *Site) validate(d *decoder, at string) {
	if s.Name == "" || strings.ContainsFunc(s.Name, func(r rune) bool { return r < ' ' }) {
		d.at(at+".name", "a site needs a name of printable characters")
	}
	if len(s.Bindings) == 0 {
		d.at(at+".bindings", "a site needs at least one address:port")
	}
	s.Connections.validate(d, at+".connections")
	if a := s.FirewallSupport.ExternalIP4Address; a.IsValid() && !a.Is4() {
		d.at(at+".firewallSupport.externalIp4Address", "%s is not an IPv4 address", a)
	}
	for i, binding := range s.Bindings {
		if strings.HasPrefix(string(binding), implicitScheme) && s.Security.SSL.ServerCertFile == "" {
			d.at(fmt.Sprintf("%s.bindings[%d]", at, i), "%s needs a certificate: set security.ssl.serverCertFile", binding)
		}
	}
	s.ModeZ.validate(d, at+".modeZ")
	s.Security.validate(d, at+".security")
	s.UserIsolation.validate(d, at+".userIsolation.activeDirectory")
	s.LogFile.validate(d, at+".logFile")
}

func (s *ModeZ) validate(d *decoder, at string) {
	if s.Level < 1 || s.Level > 9 {
		d.at(at+".level", "%d is no level of compression; want 1 (fast) to 9 (small)", s.Level)
	}
	if s.MaxRatio == 0 {
		d.at(at+".maxRatio", "0 would let no compressed upload through")
	}
	if s.MaxSize == 0 || s.MaxSize > math.MaxInt64 {
		d.at(at+".maxSize", "%d is no size of a file", s.MaxSize)
	}
}

func (s *Connections) validate(d *decoder, at string) {
	d.atLeast(at+".unauthenticatedTimeout", s.UnauthenticatedTimeout, time.Second)
	d.atLeast(at+".controlChannelTimeout", s.ControlChannelTimeout, time.Second)
	d.atLeast(at+".dataChannelTimeout", s.DataChannelTimeout, time.Second)
	for _, limit := range []struct {
		key   string
		value uint32
	}{
		{"maxConnections", s.MaxConnections}, {"maxConnectionsPerAddress", s.MaxConnectionsPerAddress}, {"maxConnectionsPerUser", s.MaxConnectionsPerUser},
	} {
		if limit.value == 0 {
			d.at(at+"."+limit.key, "0 would let nobody in")
		}
	}
}

func (s *UserIsolation) validate(d *decoder, at string) {
	ad := s.ActiveDirectory
	if ad.ADPasswordFile != "" && ad.ADPasswordCommand != "" {
		d.at(at+".adPasswordCommand", "adPasswordFile is given too; only one can hold")
	}
	if ad.ADUserName == "" && (ad.ADPasswordFile != "" || ad.ADPasswordCommand != "") {
		d.at(at+".adUserName", "is missing, but its password is given")
	}
}

// minTruncateSize is the schema's own.
const minTruncateSize = 1 << 20

func (s *LogFile) validate(d *decoder, at string) {
	if s.Enabled && s.Directory == "" {
		d.at(at+".directory", "is empty while the log is enabled")
	}
	if s.Enabled && len(s.LogExtFileFlags) == 0 {
		d.at(at+".logExtFileFlags", "names no field while the log is enabled")
	}
	if s.Period == words.LogMaxSize && s.TruncateSize < minTruncateSize {
		d.at(at+".truncateSize", "%d is less than %d", s.TruncateSize, minTruncateSize)
	}
	for i, field := range s.LogExtFileFlags {
		if slices.Contains(s.LogExtFileFlags[:i], field) {
			d.at(fmt.Sprintf("%s.logExtFileFlags[%d]", at, i), "%s is named twice", field)
		}
	}
}

func (s *Security) validate(d *decoder, at string) {
	s.CommandFiltering.validate(d, at+".commandFiltering")
	s.IPSecurity.validate(d, at+".ipSecurity")
	if len(s.Authorization) == 0 {
		d.at(at+".authorization", "names no rule, so nobody could log in; without the key everybody with a home may read and write there")
	}
	for i := range s.Authorization {
		s.Authorization[i].validate(d, fmt.Sprintf("%s.authorization[%d]", at, i))
	}
	s.SSL.validate(d, at+".ssl")
	certs := s.SSLClientCertificates
	switch {
	case certs.ClientCertificatePolicy == words.CertIgnore && certs.ClientCAFile != "":
		d.at(at+".sslClientCertificates.clientCaFile", "has no effect while clientCertificatePolicy is %s", words.CertIgnore)
	case certs.ClientCertificatePolicy != words.CertIgnore && certs.ClientCAFile == "":
		d.at(at+".sslClientCertificates.clientCaFile", "is missing: %s needs to know whose certificates are good", certs.ClientCertificatePolicy)
	}
	if s.SSL.ControlChannelPolicy == words.SSLDeny {
		d.at(at+".ssl.controlChannelPolicy", "%s belongs to the data channel", words.SSLDeny)
	}
	if s.SSL.DataChannelPolicy == words.SSLRequireCredentialsOnly {
		d.at(at+".ssl.dataChannelPolicy", "%s belongs to the control channel", words.SSLRequireCredentialsOnly)
	}
	if s.Authentication.AnonymousAuthentication.Enabled {
		d.at(at+".authentication.anonymousAuthentication.enabled",
			"an anonymous login has no home in Active Directory; Microsoft FTP refuses this pair too")
	}
}

func (s *SSL) validate(d *decoder, at string) {
	if s.ServerCertFile != "" {
		return
	}
	if s.ServerKeyFile != "" {
		d.at(at+".serverKeyFile", "is the key of no certificate: set serverCertFile, too")
	}
}

func (d *decoder) atLeast(path string, got, least time.Duration) {
	if got < least {
		d.at(path, "%s is too short; the least is %s", got, least)
	}
}
