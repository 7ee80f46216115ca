package adsim

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"time"
)

// Config describes the domain and how clients reach it.
type Config struct {
	Domain      string        // DNS name of the domain, such as corp.example.com
	NetBIOS     string        // NetBIOS name; "" means the first label of Domain in capitals
	Seed        io.Reader     // LDIF; nil means an empty domain
	TLS         *tls.Config   // certificate for StartTLS and ServeTLS; nil means neither
	RequireTLS  bool          // a password on an unprotected connection gets result 8
	IdleTimeout time.Duration // a silent connection is closed after it; 0 means 15 minutes, as AD's MaxConnIdleTime
	Log         *slog.Logger  // nil means silent; passwords are never logged
}

// Server is one domain controller. Its methods may be called from any goroutine.
type Server struct {
	faults   atomic.Pointer[Faults]
	counters counters
	log      *slog.Logger
}

// New reads the seed and builds the tree. A bad seed is one error that names its line.
func New(cfg Config) (*Server, error) {
	return nil, nil
}

// Serve answers plain LDAP, with StartTLS if Config.TLS is set, until ctx is done.
// It then closes the listener and its connections, waits for their goroutines and
// returns nil. Any other end of the listener is an error. Several listeners may
// be served at a time.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error { return nil }

// ServeTLS answers LDAPS; otherwise it is Serve. Without Config.TLS it fails at once.
func (s *Server) ServeTLS(ctx context.Context, ln net.Listener) error { return nil }
