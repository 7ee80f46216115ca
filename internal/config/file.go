package config

import (
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// File is a whole configuration, with defaults where the file is silent.
type File struct {
	Directory   DirectorySection   `yaml:"directory"`
	FileServers []FileServer       `yaml:"fileServers"` // empty: no UNC home is opened
	LocalRoots  []homedir.Location `yaml:"localRoots"`  // local folders that may hold homes
	PathMap     []Mapping          `yaml:"pathMap"`
	DFS         namespaces         `yaml:"dfs"`
	AllowRoot   bool               `yaml:"allowRoot"` // local folders may be served by uid 0 or LocalSystem
	Journal     string             `yaml:"journal"`   // folder of what was changed; "" means the system's place for it
	Server      ServerSection      `yaml:"server"`
	Sites       []Site             `yaml:"sites"` // at most one; a command that serves needs exactly one
}

// DirectorySection says how to reach Active Directory. Every command reads it;
// flags and environment override it key by key.
type DirectorySection struct {
	Connection `yaml:",inline"`
	Profiles   []Profile `yaml:"profiles"` // other directories, each for whoever names it
}

// Profile is a directory with a name. It stands in place of the section's own keys,
// none of which it inherits.
type Profile struct {
	Name       string `yaml:"name"`
	Connection `yaml:",inline"`
}

// Connection is one way to reach a directory.
type Connection struct {
	Server          []string      `yaml:"server"` // ldap:// or ldaps:// URLs, tried in order
	Domain          string        `yaml:"domain"` // DNS name, for SRV and Kerberos
	BindUser        string        `yaml:"bindUser"`
	PasswordFile    string        `yaml:"passwordFile"`
	PasswordCommand string        `yaml:"passwordCommand"`
	CAFile          string        `yaml:"caFile"` // PEM; "" means the system's authorities
	StartTLS        bool          `yaml:"startTls"`
	Kerberos        bool          `yaml:"kerberos"`
	Keytab          string        `yaml:"keytab"`
	BaseDN          string        `yaml:"baseDn"`  // "" means the domain's own
	Timeout         time.Duration `yaml:"timeout"` // per request
	TLSPin          string        `yaml:"tlsPin"`  // hex SHA-256 of the server's certificate, or several
	AllowPlaintext  bool          `yaml:"allowPlaintext"`

	Domains []ForestDomain `yaml:"domains"` // other domains of the forest, where SRV records do not tell their servers
	Forest  bool           `yaml:"forest"`  // bare names are looked for in all domains of the forest
}

// ForestDomain says where another domain of the forest answers.
type ForestDomain struct {
	Domain string   `yaml:"domain"` // DNS or NetBIOS name
	Server []string `yaml:"server"` // as directory.server
}

// FileServer admits file servers by name.
type FileServer struct {
	Name string `yaml:"name"` // host name, or *.suffix
	NTLM bool   `yaml:"ntlm"` // NTLM may be used where Kerberos is not to be had
	// Unsigned gives up the protection of sessions, for speed, where the server does
	// not insist on it.
	Unsigned bool `yaml:"unsigned"`
}

// Mapping serves the homes below From out of the local folder To.
type Mapping struct {
	From homedir.Location `yaml:"from"`
	To   homedir.Location `yaml:"to"`
}

// ServerSection holds what IIS keeps at system.ftpServer, for all sites.
type ServerSection struct {
	FirewallSupport   ServerFirewall `yaml:"firewallSupport"`
	Security          ServerSecurity `yaml:"security"`
	ShutdownTimeLimit time.Duration  `yaml:"shutdownTimeLimit"` // ours: how long transfers may go on when the service ends
}

// ServerSecurity is system.ftpServer/security, as far as it is not a site's.
type ServerSecurity struct {
	Authentication ServerAuthentication `yaml:"authentication"`
}

// ServerAuthentication is system.ftpServer/security/authentication.
type ServerAuthentication struct {
	DenyByFailure DenyByFailure `yaml:"denyByFailure"`
}

// DenyByFailure shuts out addresses whose logins fail.
type DenyByFailure struct {
	Enabled         bool          `yaml:"enabled"`
	MaxFailure      uint32        `yaml:"maxFailure"`
	EntryExpiration time.Duration `yaml:"entryExpiration"`
	LoggingOnlyMode bool          `yaml:"loggingOnlyMode"`
}

// ServerFirewall is the passive port range; 0 and 0 mean the range of the system.
type ServerFirewall struct {
	LowDataChannelPort  uint16 `yaml:"lowDataChannelPort"`
	HighDataChannelPort uint16 `yaml:"highDataChannelPort"`
}
