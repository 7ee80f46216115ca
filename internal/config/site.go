package config

import (
	"net/netip"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

// Site is one FTP site, with the elements of IIS's ftpServer.
type Site struct {
	Name            string              `yaml:"name"`
	Bindings        []Binding           `yaml:"bindings"`
	HostNames       []HostName          `yaml:"hostNames"` // ours: names that clients may and must ask for; none: any
	Compatibility   words.Compatibility `yaml:"compatibility"`
	AllowUTF8       bool                `yaml:"allowUTF8"`
	Connections     Connections         `yaml:"connections"`
	FileHandling    FileHandling        `yaml:"fileHandling"`
	ModeZ           ModeZ               `yaml:"modeZ"` // ours
	Messages        Messages            `yaml:"messages"`
	DirectoryBrowse DirectoryBrowse     `yaml:"directoryBrowse"`
	FirewallSupport SiteFirewall        `yaml:"firewallSupport"`
	Security        Security            `yaml:"security"`
	UserIsolation   UserIsolation       `yaml:"userIsolation"`
	LogFile         LogFile             `yaml:"logFile"`
}

// Connections bounds control and data connections.
type Connections struct {
	UnauthenticatedTimeout time.Duration `yaml:"unauthenticatedTimeout"` // from connect to login
	ControlChannelTimeout  time.Duration `yaml:"controlChannelTimeout"`  // idle after login
	DataChannelTimeout     time.Duration `yaml:"dataChannelTimeout"`
	MinBytesPerSecond      uint32        `yaml:"minBytesPerSecond"` // 0 turns the check off
	MaxConnections         uint32        `yaml:"maxConnections"`
	ResetOnMaxConnections  bool          `yaml:"resetOnMaxConnections"` // no maxClientsMessage
	// Ours: limits of one address (of IPv6, its /64) and of one user.
	MaxConnectionsPerAddress uint32 `yaml:"maxConnectionsPerAddress"`
	MaxConnectionsPerUser    uint32 `yaml:"maxConnectionsPerUser"`
}

// FileHandling says what becomes of uploads.
type FileHandling struct {
	KeepPartialUploads         bool `yaml:"keepPartialUploads"`
	AllowReadUploadsInProgress bool `yaml:"allowReadUploadsInProgress"`
	AllowReplaceOnRename       bool `yaml:"allowReplaceOnRename"`
	SyncUploads                bool `yaml:"syncUploads"` // ours: on stable storage before 226
}

// ModeZ is compression of transfers, and what an upload may become by it.
type ModeZ struct {
	Enabled  bool   `yaml:"enabled"`
	Level    int    `yaml:"level"`    // 1, fast, to 9, small
	MaxRatio uint32 `yaml:"maxRatio"` // octets of the file to octets sent, behind the first 16 MiB
	MaxSize  uint64 `yaml:"maxSize"`  // octets of the file
}

// Messages are the texts that a site shows to its clients.
type Messages struct {
	BannerMessage         string `yaml:"bannerMessage"`
	GreetingMessage       string `yaml:"greetingMessage"`
	ExitMessage           string `yaml:"exitMessage"`
	MaxClientsMessage     string `yaml:"maxClientsMessage"`
	SuppressDefaultBanner bool   `yaml:"suppressDefaultBanner"`
	ExpandVariables       bool   `yaml:"expandVariables"`
	// AllowLocalDetailedErrors gives the Win32 text and the sub-status to clients on
	// the same machine.
	AllowLocalDetailedErrors bool `yaml:"allowLocalDetailedErrors"`
}

// DirectoryBrowse is the style of listings.
type DirectoryBrowse struct {
	ShowFlags []words.ShowFlag `yaml:"showFlags"`
}

// SiteFirewall is what clients outside see of the server.
type SiteFirewall struct {
	ExternalIP4Address netip.Addr `yaml:"externalIp4Address"` // the zero Addr: the control connection's own
}

// Security gathers who may connect, and how.
type Security struct {
	DataChannelSecurity   DataChannelSecurity   `yaml:"dataChannelSecurity"`
	CommandFiltering      CommandFiltering      `yaml:"commandFiltering"`
	SSL                   SSL                   `yaml:"ssl"`
	SSLClientCertificates SSLClientCertificates `yaml:"sslClientCertificates"`
	Authentication        Authentication        `yaml:"authentication"`
	Authorization         []AuthorizationRule   `yaml:"authorization"`
	IPSecurity            IPSecurity            `yaml:"ipSecurity"`
}

// DataChannelSecurity ties data connections to the client's own address.
type DataChannelSecurity struct {
	MatchClientAddressForPort bool `yaml:"matchClientAddressForPort"`
	MatchClientAddressForPasv bool `yaml:"matchClientAddressForPasv"`
	RequireTLSSessionReuse    bool `yaml:"requireTlsSessionReuse"` // ours
}

// SSL is the server's certificate and the two TLS policies. IIS names a certificate
// of Windows' store; here it is files.
type SSL struct {
	ServerCertFile       string          `yaml:"serverCertFile"` // PEM, with its chain; "": no TLS
	ServerKeyFile        string          `yaml:"serverKeyFile"`  // PEM; "": in serverCertFile
	ControlChannelPolicy words.SSLPolicy `yaml:"controlChannelPolicy"`
	DataChannelPolicy    words.SSLPolicy `yaml:"dataChannelPolicy"`
}

// SSLClientCertificates says what is asked of clients.
type SSLClientCertificates struct {
	ClientCertificatePolicy words.ClientCertificatePolicy `yaml:"clientCertificatePolicy"`
	ClientCAFile            string                        `yaml:"clientCaFile"` // PEM: who may sign them
}

// Authentication holds the ways to log in.
type Authentication struct {
	BasicAuthentication     BasicAuthentication     `yaml:"basicAuthentication"`
	AnonymousAuthentication AnonymousAuthentication `yaml:"anonymousAuthentication"`
}

// BasicAuthentication is USER and PASS with a domain account.
type BasicAuthentication struct {
	DefaultLogonDomain string `yaml:"defaultLogonDomain"` // for bare names; "" means the directory's own
}

// AnonymousAuthentication does not go together with isolation by Active
// Directory and is refused there, as Microsoft refuses it.
type AnonymousAuthentication struct {
	Enabled bool `yaml:"enabled"`
}

// UserIsolation says where a login lives.
type UserIsolation struct {
	Mode            words.IsolationMode `yaml:"mode"`
	ActiveDirectory ActiveDirectory     `yaml:"activeDirectory"`
}

// ActiveDirectory is the account that reads the two attributes. Where it is
// silent, the directory section's account does it.
type ActiveDirectory struct {
	ADUserName        string        `yaml:"adUserName"`
	ADPasswordFile    string        `yaml:"adPasswordFile"`
	ADPasswordCommand string        `yaml:"adPasswordCommand"`
	ADCacheRefresh    time.Duration `yaml:"adCacheRefresh"` // 0 turns the attribute cache off
}

// LogFile is the access log in W3C extended format.
type LogFile struct {
	Enabled           bool             `yaml:"enabled"`
	Directory         string           `yaml:"directory"`
	Period            words.LogPeriod  `yaml:"period"`
	TruncateSize      int64            `yaml:"truncateSize"` // octets of a file, with period MaxSize
	LogExtFileFlags   []words.LogField `yaml:"logExtFileFlags"`
	LocalTimeRollover bool             `yaml:"localTimeRollover"`
}
