package config

import (
	"math"
	"runtime"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

// Default returns the configuration of an empty file: no site, no file server.
func Default() File {
	return File{Directory: DirectorySection{Timeout: 10 * time.Second}}
}

// DefaultSite returns a site with the defaults of IIS's schema (Microsoft,
// system.applicationHost/sites/site/ftpServer).
func DefaultSite() Site {
	return Site{
		Name:          "Default FTP Site",
		Bindings:      []Binding{"*:21"},
		Compatibility: words.CompatibilityExtended,
		Connections: Connections{
			UnauthenticatedTimeout: 30 * time.Second,
			ControlChannelTimeout:  120 * time.Second,
			DataChannelTimeout:     30 * time.Second,
			MinBytesPerSecond:      240,
			MaxConnections:         math.MaxUint32,
		},
		ModeZ: ModeZ{Level: 6, MaxRatio: 200, MaxSize: 4 << 30},
		Security: Security{
			DataChannelSecurity:   DataChannelSecurity{MatchClientAddressForPort: true, MatchClientAddressForPasv: true},
			CommandFiltering:      CommandFiltering{MaxCommandLine: 4096},
			SSL:                   SSL{ControlChannelPolicy: words.SSLRequire, DataChannelPolicy: words.SSLRequire},
			SSLClientCertificates: SSLClientCertificates{ClientCertificatePolicy: words.CertIgnore},
		},
		UserIsolation: UserIsolation{
			Mode:            words.IsolateActiveDirectory,
			ActiveDirectory: ActiveDirectory{ADCacheRefresh: time.Minute},
		},
		LogFile: LogFile{
			Enabled:   true,
			Directory: defaultLogDirectory(runtime.GOOS),
			Period:    words.LogDaily,
			LogExtFileFlags: []words.LogField{
				"Date", "Time", "ClientIP", "UserName", "ServerIP", "ServerPort", "Method", "UriStem",
				"FtpStatus", "Win32Status", "FtpSubStatus", "Session", "FullPath",
			},
		},
	}
}

func defaultLogDirectory(goos string) string {
	if goos == "windows" {
		return `C:\ProgramData\ftpisoctl\logs`
	}
	return "/var/log/ftpisoctl"
}
