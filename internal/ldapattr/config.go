package ldapattr

import (
	"crypto/x509"
	"log/slog"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// defaultTimeout bounds one request, with the connecting that it may need, when
// Config.Timeout is zero.
const defaultTimeout = 10 * time.Second

// Config says which directory to use and as whom.
type Config struct {
	Servers  []string       // ldap:// or ldaps:// URLs, tried in order; never a global catalog port
	Domain   string         // DNS domain: found through SRV records when Servers is empty; the Kerberos realm
	StartTLS bool           // upgrade ldap:// connections before anything else is sent
	RootCAs  *x509.CertPool // nil: the system's roots
	// PinSHA256 is the SHA-256 of the server certificate's DER in hex, or several
	// separated by commas. With it only these certificates are accepted, whatever
	// their chain says.
	PinSHA256 string
	Bind      Bind
	BaseDN    string        // "": the domain's root; users elsewhere are not found
	Timeout   time.Duration // 0: defaultTimeout
	// AllowPlaintext permits a simple bind on a connection that nothing protects.
	AllowPlaintext bool
	// WithoutAccount leaves User.Account unread, for who only wants to know where homes
	// are: a domain controller has half as much to do then.
	WithoutAccount bool
	// Domains says where other domains of the forest answer; one that is not in the
	// list is found through SRV records. OpenForest alone reads it.
	Domains []DomainServers
	// Forest looks for bare names in all domains of the forest, not only in the one
	// connected to. OpenForest alone reads it.
	Forest bool
	// Trace is told of every request when it has been answered, from any goroutine; nil:
	// nobody is.
	Trace func(Operation)
	Log   *slog.Logger // nil: silent
}

// Bind says whose rights the Directory has. Without Kerberos, User (a DN, a UPN
// or DOMAIN\name) and Password make a simple bind.
type Bind struct {
	User     string
	Password secret.Text
	// Kerberos binds with a ticket: from Keytab or Password when one is given,
	// else from the credential cache. On Windows it is the current user through
	// SSPI and nothing else here counts.
	Kerberos bool
	CCache   string // "": KRB5CCNAME; FILE:path or a bare path
	Keytab   string // path of a keytab with a key for User
	Krb5Conf string // "": KRB5_CONFIG, else /etc/krb5.conf if it is there
}

// DomainServers says where one domain of the forest answers.
type DomainServers struct {
	Domain  string   // DNS or NetBIOS name
	Servers []string // as Config.Servers
}

// Scope narrows Users. What it names must all hold; the zero value is all users.
type Scope struct {
	OU      string      // DN below which to search; "": Config.BaseDN
	Filter  string      // LDAP filter (RFC 4515) that users must match as well
	Group   AccountName // members, by way of other groups too, and those whose primary group it is
	Missing bool        // only users who lack one of the two attributes, or both
	Deleted bool        // instead of users what was deleted and has one of the two attributes; the rest does not count
}

// Update says what to change: nil keeps a value, "" removes it.
type Update struct {
	Root, Dir *string
	// Force writes whatever the present values are. It never skips the rules of
	// package homedir.
	Force bool
	// Restore puts values back that were in the directory before: what was there may
	// come back, though nobody could set it today.
	Restore bool
}

// DomainInfo tells what the Directory is connected to.
type DomainInfo struct {
	DNSName     string // corp.example.com
	NetBIOSName string // CORP; "" when the directory does not say
	BaseDN      string // where searches begin
	Server      string // host name of the domain controller last used
}

// timeout is Timeout with its default.
func (c Config) timeout() time.Duration {
	if c.Timeout <= 0 {
		return defaultTimeout
	}
	return c.Timeout
}

// logger is Log with its default.
func (c Config) logger() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}
