package dtp

import (
	"net"
	"net/netip"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// EventKind tells what happened to a data connection.
type EventKind uint8

// The kinds of event: rows DataChannelOpened and DataChannelClosed. Each Opened
// is followed by exactly one Closed.
const (
	Opened EventKind = iota + 1
	Closed
)

// Event is one row of the access log about a data connection.
type Event struct {
	Kind      EventKind
	Local     netip.AddrPort // its port is the data port; 0 where no socket was opened
	Remote    netip.AddrPort
	Win32     winerr.Code
	SubStatus int // KB 969061
}

// addressMismatch is the sub-status that a privileged port is logged with,
// though its name says that control and data address differ (rows 1.9, 1.10).
const addressMismatch = 38

// serverAborted is the sub-status of a connection that we ended.
const serverAborted = 22

func (cfg *Config) emit(kind EventKind, conn *net.TCPConn, code winerr.Code, subStatus int) {
	cfg.report(Event{kind, localOf(conn), remoteOf(conn), code, subStatus})
}

func (cfg *Config) report(e Event) {
	if cfg.OnEvent != nil {
		cfg.OnEvent(e)
	}
}

func localOf(conn *net.TCPConn) netip.AddrPort  { return plain(conn.LocalAddr()) }
func remoteOf(conn *net.TCPConn) netip.AddrPort { return plain(conn.RemoteAddr()) }

// plain undoes the IPv6 spelling of IPv4 addresses, so that they compare equal.
func plain(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := tcp.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
