// Package dtp opens, hands over and closes the data connections of one FTP
// session (RFC 959 section 3.2, RFC 2428), with the timing of Microsoft FTP 7.5.
//
// A Channel belongs to a session and holds at most one data connection that is
// armed or in use, and one that is closing. Between PASV or PORT and its end a
// connection is a link with a goroutine of its own, which goes through
//
//	opening → ready → in use → closing → gone
//
// and leaves the channel idle. Four behaviours of Microsoft FTP are statements
// about these states: the handshake starts before PORT is answered (Dial), 125
// or 150 depends on ready (Established), 226 leaves before closing ends
// (Release), and a new connection is armed when closing has ended (Listen).
//
//	channel.go   Channel: arm, ask, acquire
//	ending.go    Channel: release, abort, close
//	link.go      the life of one connection
//	passive.go   who may connect to us      active.go     whom we connect to
//	ports.go     the pool of passive ports  hostport.go   arguments and replies
//	closing.go   half-close, drain, reset   event.go      rows of the access log
//	*_linux.go   sockets by hand, where order matters; *_other.go without
package dtp
