package ftpsrv

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// LoginFunc proves a password and opens the home. It should return soon after
// ctx ends, which it does when the client hangs up. A refusal is a *Refusal; any
// other error is one too, without details. It is never called with an empty
// password, and user is valid UTF-8 without control characters.
type LoginFunc func(ctx context.Context, user string, password secret.Text) (Grant, error)

// Grant is what a login gives. The session owns Root and closes it.
type Grant struct {
	Root storage.FS // becomes the client's "/"
	Name string     // for the access log, such as CORP\alice
	// CRLF says that lines of text files at home end in CR LF, as on Windows; else in
	// LF. Uploads in TYPE A are stored so.
	CRLF bool
	User string // what the user is counted by, whatever name it came with: its objectGUID; "": not counted
	// What the authorization rules withhold; 550 with sub-status 1 says so.
	NoRead, NoWrite bool
}

// Refusal is why a login was refused. The client sees one of two texts only.
type Refusal struct {
	Win32     winerr.Code
	SubStatus int
	Home      bool // the password was right, the home is not usable; the client is told so
	Err       error
}

// Error is for logs; no client sees it.
func (r *Refusal) Error() string {
	if r.Err != nil {
		return r.Err.Error()
	}
	return r.Win32.Error()
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// Config is all that a caller decides. Zero values mean the defaults that IIS
// documents (connections, fileHandling, messages, dataChannelSecurity,
// commandFiltering), where a field says nothing else.
type Config struct {
	Login LoginFunc // required
	// Admission counts connections, logins and failures; nil lets everybody in.
	Admission *admission.Gate
	TLS       *ftptls.Layer // nil: AUTH is refused
	IIS       bool          // compatibility iis: no extension that IIS lacks, and CCC
	// NoUTF8 refuses OPTS UTF8 ON, and names are in the Windows code page (allowUTF8
	// is false).
	NoUTF8 bool
	// HostNames are the hosts that HOST, the user name (host|user) or SNI may name, and
	// one of them must. Empty: any host may be named, and none need.
	HostNames []string
	// DetailedErrors gives clients on this machine four lines for an error
	// (allowLocalDetailedErrors).
	DetailedErrors bool
	// What the channels demand of clients; the zero Policy leaves it to them.
	ControlPolicy, DataPolicy ftptls.Policy
	Ports                     *dtp.Ports     // nil: the system's dynamic range
	ExternalIP4               netip.Addr     // the address in 227 where it is not the connection's own
	AccessLog                 *w3clog.Writer // nil: none
	Log                       *slog.Logger   // nil: silent
	SiteName                  string         // s-sitename
	Computer                  string         // s-computername

	Connections    Connections
	Messages       Messages
	Files          FileHandling
	DataChannel    DataChannelSecurity
	ModeZ          *ModeZ // nil: MODE Z is refused
	Listing        listing.Style
	Commands       CommandFilter
	AvailableBytes bool // told after a login and a LIST (DisplayAvailableBytes)
	MaxCommandLine int  // octets with CRLF; 0: 4096
}

// Connections are IIS's limits of that name, and four of our own for login and
// for clients that do not speak FTP.
type Connections struct {
	UnauthenticatedTimeout time.Duration // from the connection, or the end of a login, to the next login; and for one login; 0: 30 s
	ControlChannelTimeout  time.Duration // without a command or transfer; 0: 120 s
	DataChannelTimeout     time.Duration // without an octet, and for opening; 0: 30 s
	MinBytesPerSecond      int           // average of a transfer; 0: 240, negative: none
	ResetOnMaxConnections  bool          // a connection beyond a limit of Admission is reset without a word

	MaxLoginFailures   int           // failures of one connection until it is closed; 0: 3
	LoginFailureDelay  time.Duration // the second failure's reply waits this long, the third's twice, of one connection or address; 0: 1 s, negative: none
	MaxUnknownCommands int           // unknown verbs before login until the connection is closed; 0: 4
	MaxLongLines       int           // over-long lines until the connection is closed; 0: 3
}

// Messages are the texts an administrator may add; several lines are separated by "\n".
type Messages struct {
	Banner                string // before login
	SuppressDefaultBanner bool   // leaves "Microsoft FTP Service" out of 220
	Greeting              string // after login
	Exit                  string // in the reply to QUIT
	MaxClients            string // in the 421 of a full server
	ExpandVariables       bool   // %UserName% and the like stand for what they name
}

// FileHandling says what uploads and renames may leave behind.
type FileHandling struct {
	KeepPartialUploads   bool // what arrived of a broken upload stays
	AllowReplaceOnRename bool // RNTO may name an existing file
}

// DataChannelSecurity is inverted, so that its zero value is IIS's default: a
// data connection's other end is the control connection's.
type DataChannelSecurity struct {
	AnyAddressForPort bool // matchClientAddressForPort="false"
	AnyAddressForPasv bool // matchClientAddressForPasv="false"
}

// ModeZ bounds transfers in MODE Z, where few octets can become very many.
type ModeZ struct {
	Level    int   // 1, fast, to 9, small; 0: 6
	MaxRatio int   // of what an upload's octets become; asked for after 16 MiB; 0: 200
	MaxSize  int64 // octets that an upload may become; 0: 4 GiB
}

func withDefaults(cfg Config) (Config, error) {
	if cfg.Login == nil {
		return cfg, errors.New("no login function")
	}
	if cfg.Ports == nil {
		ports, err := dtp.NewPorts(0, 0)
		if err != nil {
			return cfg, err
		}
		cfg.Ports = ports
	}
	if cfg.Admission == nil {
		cfg.Admission = admission.New(admission.Config{})
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &cfg.Connections
	orDefault(&c.UnauthenticatedTimeout, 30*time.Second)
	orDefault(&c.ControlChannelTimeout, 120*time.Second)
	orDefault(&c.DataChannelTimeout, 30*time.Second)
	orDefault(&c.MinBytesPerSecond, 240)
	orDefault(&c.MaxLoginFailures, 3)
	orDefault(&c.LoginFailureDelay, time.Second)
	orDefault(&c.MaxUnknownCommands, 4)
	orDefault(&c.MaxLongLines, 3)
	orDefault(&cfg.MaxCommandLine, 4096)
	if cfg.ModeZ != nil {
		z := *cfg.ModeZ
		orDefault(&z.Level, 6)
		orDefault(&z.MaxRatio, 200)
		orDefault(&z.MaxSize, 4<<30)
		if z.Level < 1 || z.Level > 9 || z.MaxRatio < 1 || z.MaxSize < 1 {
			return cfg, errors.New("mode Z: a level from 1 to 9, a ratio and a size are wanted")
		}
		cfg.ModeZ = &z
	}
	return cfg, nil
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
