package config

import (
	"math"
	"runtime"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

// Default returns the configuration of an empty file: no site, no file server.
func Default() File {
	return File{
		Directory: DirectorySection{Connection: defaultConnection()},
		Server: ServerSection{
			Security: ServerSecurity{Authentication: ServerAuthentication{
				DenyByFailure: DenyByFailure{MaxFailure: 4, EntryExpiration: 30 * time.Second},
			}},
			ShutdownTimeLimit: 30 * time.Second,
		},
	}
}

func defaultConnection() Connection { return Connection{Timeout: 10 * time.Second} }

func defaultProfile() Profile { return Profile{Connection: defaultConnection()} }

// DefaultSite returns a site with the defaults of IIS's schema (Microsoft,
// system.applicationHost/sites/site/ftpServer).
func DefaultSite() Site {
	return Site{
		Name:          "Default FTP Site",
		Bindings:      []Binding{"*:21"},
		Compatibility: words.CompatibilityExtended,
		AllowUTF8:     true,
		Messages:      Messages{AllowLocalDetailedErrors: true},
		Connections: Connections{
			UnauthenticatedTimeout: 30 * time.Second,
			ControlChannelTimeout:  120 * time.Second,
			DataChannelTimeout:     30 * time.Second,
			MinBytesPerSecond:      240,
			MaxConnections:         math.MaxUint32,

			MaxConnectionsPerAddress: 1000,
			MaxConnectionsPerUser:    math.MaxUint32,
		},
		ModeZ: ModeZ{Level: 6, MaxRatio: 200, MaxSize: 4 << 30},
		Security: Security{
			DataChannelSecurity:   DataChannelSecurity{MatchClientAddressForPort: true, MatchClientAddressForPasv: true},
			CommandFiltering:      CommandFiltering{MaxCommandLine: 4096, AllowUnlisted: true},
			SSL:                   SSL{ControlChannelPolicy: words.SSLRequire, DataChannelPolicy: words.SSLRequire},
			SSLClientCertificates: SSLClientCertificates{ClientCertificatePolicy: words.CertIgnore},
			Authorization: []AuthorizationRule{{
				AccessType: words.AccessAllow, Users: []string{"*"}, Permissions: []words.Permission{words.PermissionRead, words.PermissionWrite},
			}},
			IPSecurity: IPSecurity{AllowUnlisted: true},
		},
		UserIsolation: UserIsolation{
			Mode:            words.IsolateActiveDirectory,
			ActiveDirectory: ActiveDirectory{ADCacheRefresh: time.Minute},
		},
		LogFile: LogFile{
			Enabled:   true,
			Directory: defaultLogDirectory(runtime.GOOS),
			Period:    words.LogDaily,

			TruncateSize: 20 << 20,
			LogExtFileFlags: []words.LogField{
				"Date", "Time", "ClientIP", "UserName", "ServerIP", "ServerPort", "Method", "UriStem",
				"FtpStatus", "Win32Status", "FtpSubStatus", "Session", "FullPath",
			},
		},
	}
}

// DefaultAuthorizationRule returns a rule that says nothing yet.
func DefaultAuthorizationRule() AuthorizationRule {
	return AuthorizationRule{AccessType: words.AccessAllow}
}

func defaultLogDirectory(goos string) string {
	if goos == "windows" {
		return `C:\ProgramData\ftpisoctl\logs`
	}
	return "/var/log/ftpisoctl"
}
