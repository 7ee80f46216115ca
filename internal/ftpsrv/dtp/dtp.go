// Package dtp opens, hands over and closes the data connections of one FTP
// session (RFC 959 section 5, RFC 2428), with the timing of Microsoft FTP 7.5.
package dtp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The kinds of failure that callers tell apart with errors.Is.
var (
	ErrBusy     = errors.New("earlier data connection still open") // Listen, Dial: 425
	ErrNoPort   = errors.New("no free data port")                  // Listen: 425
	ErrAddress  = errors.New("address not acceptable")             // Dial: 501, nothing was sent
	ErrNotArmed = errors.New("no data connection asked for")       // Acquire without PASV or PORT: 425
	ErrSyntax   = errors.New("malformed host and port")            // ParsePORT, ParseEPRT: 501
	ErrFamily   = errors.New("unknown address family")             // ParseEPRT: 522
)

// Ports is the pool of passive data ports, shared by all sessions.
type Ports struct{}

// NewPorts makes a pool of the ports from low to high; 0, 0 is 49152 to 65535.
func NewPorts(low, high uint16) (*Ports, error) { return &Ports{}, nil }

// Config is what a session's data connections obey.
type Config struct {
	Ports          *Ports
	Local          netip.Addr    // address of the server on the control connection
	Peer           netip.Addr    // address of the client on the control connection
	AnyPeerPassive bool          // accept from any address
	AnyPeerActive  bool          // connect to any address
	Timeout        time.Duration // dataChannelTimeout
	OnEvent        func(Event)   // called from any goroutine, must not block
}

// EventKind tells what happened to a data connection.
type EventKind uint8

// The kinds of event.
const (
	Opened EventKind = iota + 1
	Closed
)

// Event is one row of the access log about a data connection.
type Event struct {
	Kind      EventKind
	Local     netip.AddrPort // its port is the data port
	Remote    netip.AddrPort
	Win32     winerr.Code
	SubStatus int
}

// Channel is the data connection of one session.
type Channel struct{ cfg Config }

// New makes an idle channel.
func New(cfg Config) *Channel { return &Channel{cfg: cfg} }

var errSkeleton = errors.New("not built yet")

// Listen arms the channel for PASV and EPSV.
func (c *Channel) Listen(ctx context.Context) (netip.AddrPort, error) {
	return netip.AddrPort{}, errSkeleton
}

// Dial arms the channel for PORT and EPRT.
func (c *Channel) Dial(ctx context.Context, addr netip.AddrPort) error { return errSkeleton }

// Armed reports whether Listen or Dial was called and not used up.
func (c *Channel) Armed() bool { return false }

// Established reports whether a connection is up and waits to be acquired.
func (c *Channel) Established() bool { return false }

// Acquire waits for the connection.
func (c *Channel) Acquire(ctx context.Context) (*net.TCPConn, error) { return nil, errSkeleton }

// Release ends a transfer.
func (c *Channel) Release() {}

// Abort resets the connection.
func (c *Channel) Abort(code winerr.Code, subStatus int) {}

// Close ends the channel with its session.
func (c *Channel) Close() {}

// ParsePORT reads the argument of PORT.
func ParsePORT(arg string) (netip.AddrPort, error) { return netip.AddrPort{}, errSkeleton }

// ParseEPRT reads the argument of EPRT.
func ParseEPRT(arg string) (netip.AddrPort, error) { return netip.AddrPort{}, errSkeleton }

// FormatPASV prints an IPv4 address and port as the reply to PASV shows them.
func FormatPASV(addr netip.AddrPort) string { return "" }

// FormatEPSV prints a port as the reply to EPSV shows it, without parentheses.
func FormatEPSV(port uint16) string { return "" }

// FormatEPRT prints an address and port as EPRT takes them.
func FormatEPRT(addr netip.AddrPort) string { return "" }
