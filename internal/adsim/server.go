package adsim

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Config describes the domain and how clients reach it.
type Config struct {
	Domain      string        // DNS name of the domain, such as corp.example.com
	NetBIOS     string        // NetBIOS name; "" means the first label of Domain in capitals
	ForestRoot  string        // DNS name of the forest's first domain; "" means that it is this one
	Seed        io.Reader     // LDIF; nil means an empty domain
	TLS         *tls.Config   // certificate for StartTLS and ServeTLS; nil means neither
	RequireTLS  bool          // a password on an unprotected connection gets result 8
	IdleTimeout time.Duration // a silent connection is closed after it; 0 means 15 minutes, AD's MaxConnIdleTime
	Log         *slog.Logger  // nil means silent; passwords are never logged
}

const (
	defaultIdle    = 15 * time.Minute
	maxConnections = 5000 // AD's MaxConnections
)

// Server is one domain controller. Its methods may be called from any goroutine.
type Server struct {
	dir        *directory
	tls        *tls.Config
	requireTLS bool
	idle       time.Duration
	log        *slog.Logger
	operations map[ber.Tag]operation
	faults     atomic.Pointer[Faults]
	counters   counters
}

// New builds the tree from the seed. A bad name or a bad seed is one error; that
// of a seed names the line. It contacts nobody and starts no goroutine.
func New(cfg Config) (*Server, error) {
	domain, err := newDomain(cfg.Domain, cfg.NetBIOS, cfg.ForestRoot)
	if err != nil {
		return nil, fmt.Errorf("embedded directory: %w", err)
	}
	s := &Server{
		dir:        newDirectory(domain),
		tls:        cfg.TLS,
		requireTLS: cfg.RequireTLS,
		idle:       cfg.IdleTimeout,
		log:        cfg.Log,
		operations: operationTable(),
	}
	if s.idle <= 0 {
		s.idle = defaultIdle
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.faults.Store(&Faults{})
	if err := s.dir.load(cfg.Seed); err != nil {
		return nil, fmt.Errorf("embedded directory: %w", err)
	}
	return s, nil
}

// Serve answers plain LDAP, with StartTLS if Config.TLS is set, until ctx is done.
// It then closes the listener and its connections, waits for their goroutines and
// returns nil. Any other end of the listener is an error. Several listeners may
// be served at a time.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	return s.serve(ctx, ln, false)
}

// ServeTLS answers LDAPS; otherwise it is Serve. Without Config.TLS it fails at once.
func (s *Server) ServeTLS(ctx context.Context, ln net.Listener) error {
	if s.tls == nil {
		ln.Close()
		return errors.New("embedded directory: LDAPS without a certificate")
	}
	return s.serve(ctx, ln, true)
}

func (s *Server) serve(ctx context.Context, ln net.Listener, secure bool) error {
	var connections sync.WaitGroup
	defer connections.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { ln.Close() })()
	defer ln.Close()

	for failures := 0; ; {
		nc, err := ln.Accept()
		if ctx.Err() != nil {
			if err == nil {
				nc.Close()
			}
			return nil
		}
		if err != nil {
			// Running out of descriptors passes; a dead listener does not.
			if failures++; failures > 10 || errors.Is(err, net.ErrClosed) {
				return fmt.Errorf("accept on %s: %w", ln.Addr(), err)
			}
			pause(ctx, time.Duration(failures)*20*time.Millisecond)
			continue
		}
		failures = 0
		if !s.admit() {
			nc.Close()
			continue
		}
		connections.Go(func() {
			defer s.counters.count(func(st *Stats) { st.Open-- })
			newConn(s, nc, secure).run(ctx)
		})
	}
}

// admit counts a connection and decides whether it is served.
func (s *Server) admit() bool {
	admitted := false
	s.counters.count(func(st *Stats) {
		st.Connections++
		if st.Open < maxConnections && !s.faults.Load().Refuse {
			st.Open++
			admitted = true
		}
	})
	return admitted
}

// pause waits, but not beyond ctx; it tells whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
