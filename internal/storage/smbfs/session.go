package smbfs

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Target is a share on a file server.
type Target struct {
	Address string        // host:port to dial; "" = Host and port 445
	Host    string        // the server's name, also in the Kerberos principal cifs/Host
	Share   string        // the share's name
	Timeout time.Duration // longest wait for one answer of the server; 0 = 30 s
}

// Login says as whom, and how, to set up the session. Nothing of it is kept
// after Session.Login has returned.
type Login struct {
	Domain        string // NetBIOS name, for NTLM
	User          string // sAMAccountName
	Password      secret.Text
	Kerberos      *Kerberos // nil = NTLM only, if allowed
	AllowNTLM     bool      // use NTLMv2 where no Kerberos ticket is to be had
	AllowUnsigned bool      // neither sign nor verify; for measurements in a trusted network
}

// Kerberos names the realm and, if they are not to be found by DNS, its KDCs.
type Kerberos struct {
	Realm string
	KDCs  []string // host or host:port; none = SRV records of the realm
}

// Session is a connection to a file server on its way to an FS. The steps are
// Connect, Login, Mount and Open, in this order.
type Session struct{ storage.FS }

// FS is a home on a share.
type FS struct{ storage.FS }

// Dial walks all the steps to the directory dir of the target's share.
func Dial(ctx context.Context, t Target, l Login, dir string, opt storage.Options) (*FS, error) {
	return nil, winerr.NotSupported
}

// Connect opens the TCP connection.
func Connect(ctx context.Context, t Target) (*Session, error) { return nil, winerr.NotSupported }

// Login negotiates the protocol and sets up the session.
func (s *Session) Login(ctx context.Context, l Login) error { return winerr.NotSupported }

// Mechanism names how Login succeeded: "kerberos" or "ntlm".
func (s *Session) Mechanism() string { return "" }

// Mount connects to the share.
func (s *Session) Mount(ctx context.Context) error { return winerr.NotSupported }

// Open opens the directory dir of the share, with either separator, as a home.
// The session then belongs to the FS.
func (s *Session) Open(ctx context.Context, dir string, opt storage.Options) (*FS, error) {
	return nil, winerr.NotSupported
}

// Close ends the session, if no FS owns it.
func (s *Session) Close() error { return nil }
