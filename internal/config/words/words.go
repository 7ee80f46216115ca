// Package words holds the words that keys of the configuration accept: those of IIS's
// system.ftpServer schema (Microsoft, ftpServer), and a few of our own. Each is
// accepted in any letter case and kept in the schema's.
package words

import (
	"fmt"
	"slices"
	"strings"
)

// SSLPolicy is a value of controlChannelPolicy or dataChannelPolicy (Microsoft,
// ftpServer/security/ssl).
type SSLPolicy string

// The TLS policies. Credentials-only belongs to the control channel, deny to
// the data channel.
const (
	SSLAllow                  SSLPolicy = "SslAllow"
	SSLRequire                SSLPolicy = "SslRequire"
	SSLRequireCredentialsOnly SSLPolicy = "SslRequireCredentialsOnly"
	SSLDeny                   SSLPolicy = "SslDeny"
)

// UnmarshalText accepts the schema's names in any letter case.
func (p *SSLPolicy) UnmarshalText(text []byte) error {
	return pick(p, text, SSLAllow, SSLRequire, SSLRequireCredentialsOnly, SSLDeny)
}

// ClientCertificatePolicy is sslClientCertificates/clientCertificatePolicy.
type ClientCertificatePolicy string

// What is asked of clients.
const (
	CertIgnore  ClientCertificatePolicy = "CertIgnore"
	CertAllow   ClientCertificatePolicy = "CertAllow"
	CertRequire ClientCertificatePolicy = "CertRequire"
)

// UnmarshalText accepts the schema's names in any letter case.
func (p *ClientCertificatePolicy) UnmarshalText(text []byte) error {
	return pick(p, text, CertIgnore, CertAllow, CertRequire)
}

// Compatibility says whose commands a site speaks.
type Compatibility string

// The compatibilities: with extensions that clients like and IIS lacks, or IIS's
// commands alone.
const (
	CompatibilityExtended Compatibility = "extended"
	CompatibilityIIS      Compatibility = "iis"
)

// UnmarshalText accepts the words in any letter case.
func (c *Compatibility) UnmarshalText(text []byte) error {
	return pick(c, text, CompatibilityExtended, CompatibilityIIS)
}

// AccessType is accessType of an authorization rule.
type AccessType string

// What a rule does.
const (
	AccessAllow AccessType = "Allow"
	AccessDeny  AccessType = "Deny"
)

// UnmarshalText accepts the schema's names in any letter case.
func (a *AccessType) UnmarshalText(text []byte) error {
	return pick(a, text, AccessAllow, AccessDeny)
}

// Permission is one flag of permissions of an authorization rule.
type Permission string

// What a rule is about.
const (
	PermissionRead  Permission = "Read"
	PermissionWrite Permission = "Write"
)

// UnmarshalText accepts the schema's flags in any letter case.
func (p *Permission) UnmarshalText(text []byte) error {
	return pick(p, text, PermissionRead, PermissionWrite)
}

// ShowFlag is one flag of directoryBrowse/showFlags.
type ShowFlag string

// The listing flags that have an effect here.
const (
	ShowStyleUnix      ShowFlag = "StyleUnix"
	ShowLongDate       ShowFlag = "LongDate"
	ShowAvailableBytes ShowFlag = "DisplayAvailableBytes"
	ShowUseGMTTime     ShowFlag = "UseGmtTime"
)

// UnmarshalText accepts the schema's names in any letter case.
func (f *ShowFlag) UnmarshalText(text []byte) error {
	return pick(f, text, ShowStyleUnix, ShowLongDate, ShowAvailableBytes, ShowUseGMTTime)
}

// IsolationMode is userIsolation/mode.
type IsolationMode string

// IsolateActiveDirectory takes homes from the two attributes. It is the one mode
// offered.
const IsolateActiveDirectory IsolationMode = "ActiveDirectory"

// UnmarshalText accepts the schema's name in any letter case.
func (m *IsolationMode) UnmarshalText(text []byte) error {
	return pick(m, text, IsolateActiveDirectory)
}

// LogPeriod is logFile/period.
type LogPeriod string

// When a new log file begins. MaxSize goes by logFile/truncateSize.
const (
	LogMaxSize LogPeriod = "MaxSize"
	LogHourly  LogPeriod = "Hourly"
	LogDaily   LogPeriod = "Daily"
	LogWeekly  LogPeriod = "Weekly"
	LogMonthly LogPeriod = "Monthly"
)

// UnmarshalText accepts the schema's names in any letter case.
func (p *LogPeriod) UnmarshalText(text []byte) error {
	return pick(p, text, LogMaxSize, LogHourly, LogDaily, LogWeekly, LogMonthly)
}

// LogField is one flag of logFile/logExtFileFlags.
type LogField string

// logFields pairs the schema's flags with the column names in the log
// (Microsoft, ftpServer/logFile; the order is that of the schema).
func logFields() [][2]string {
	return [][2]string{
		{"Date", "date"}, {"Time", "time"}, {"ClientIP", "c-ip"}, {"UserName", "cs-username"},
		{"SiteName", "s-sitename"}, {"ComputerName", "s-computername"}, {"ServerIP", "s-ip"},
		{"Method", "cs-method"}, {"UriStem", "cs-uri-stem"}, {"FtpStatus", "sc-status"},
		{"Win32Status", "sc-win32-status"}, {"BytesSent", "sc-bytes"}, {"BytesRecv", "cs-bytes"},
		{"TimeTaken", "time-taken"}, {"ServerPort", "s-port"},
		{"Host", "cs-host"}, {"FtpSubStatus", "sc-substatus"}, {"Session", "x-session"}, {"FullPath", "x-fullpath"},
		{"ClientPort", "c-port"},
	}
}

// UnmarshalText accepts the schema's flags in any letter case.
func (f *LogField) UnmarshalText(text []byte) error {
	var names []LogField
	for _, pair := range logFields() {
		names = append(names, LogField(pair[0]))
	}
	return pick(f, text, names...)
}

// Column returns the name of the flag's column in the log, such as c-ip.
func (f LogField) Column() string {
	for _, pair := range logFields() {
		if pair[0] == string(f) {
			return pair[1]
		}
	}
	return ""
}

// pick sets *to to the word that text names.
func pick[T ~string](to *T, text []byte, words ...T) error {
	i := slices.IndexFunc(words, func(w T) bool { return strings.EqualFold(string(w), string(text)) })
	if i < 0 {
		names := make([]string, len(words))
		for j, w := range words {
			names[j] = string(w)
		}
		return fmt.Errorf("%q is not offered; it can be %s", text, strings.Join(names, ", "))
	}
	*to = words[i]
	return nil
}
