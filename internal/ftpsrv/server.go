package ftpsrv

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// replyTimeout is how long a client may leave a reply untaken.
const replyTimeout = 30 * time.Second

// Waits after a failed accept, such as one for want of descriptors.
const (
	minBackOff = 5 * time.Millisecond
	maxBackOff = time.Second
)

// Server serves FTP sessions.
type Server struct {
	cfg   Config
	table commandTable
	*life
}

// life is what stays when the settings of a Server change.
type life struct {
	latest   atomic.Pointer[Server] // whose settings new sessions get
	desk     *desk
	draining chan struct{} // closed when Shutdown begins
	stop     context.CancelCauseFunc
	stopped  context.Context // ends when Shutdown gives up waiting

	mu        sync.Mutex
	listeners map[net.Listener]struct{}
	all       sync.WaitGroup
}

// New checks cfg and fills in its defaults.
func New(cfg Config) (*Server, error) {
	cfg, err := withDefaults(cfg)
	if err != nil {
		return nil, fmt.Errorf("ftp server: %w", err)
	}
	s := &Server{
		cfg: cfg, table: newCommandTable(cfg), life: &life{
			desk: newDesk(cfg.Connections.DataChannelTimeout), draining: make(chan struct{}), listeners: make(map[net.Listener]struct{}),
		},
	}
	s.stopped, s.stop = context.WithCancelCause(context.Background())
	s.latest.Store(s)
	return s, nil
}

// Change gives new sessions other settings; those that there are go on with theirs.
// What sessions have in common, such as Ports and Admission, the caller hands on.
func (s *Server) Change(cfg Config) error {
	cfg, err := withDefaults(cfg)
	if err != nil {
		return fmt.Errorf("ftp server: %w", err)
	}
	if cfg.TLS == nil && s.latest.Load().cfg.TLS != nil {
		return errors.New("ftp server: clients that begin with TLS would be left without a certificate")
	}
	s.latest.Store(&Server{cfg: cfg, table: newCommandTable(cfg), life: s.life})
	return nil
}

// Serve accepts control connections on ln, which it closes. It returns nil when
// ctx is done, which ends its sessions at once, or after Shutdown; either way its
// sessions have ended then. Failing accepts are tried again.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error { return s.serve(ctx, ln, nil) }

// ServeTLS is Serve for control connections that begin with TLS (implicit FTPS,
// port 990). Data connections are in clear text until PROT P, as after AUTH TLS
// (RFC 2228, 3). Config.TLS must be set.
func (s *Server) ServeTLS(ctx context.Context, ln net.Listener) error {
	if s.latest.Load().cfg.TLS == nil {
		_ = ln.Close()
		return errors.New("implicit TLS without a certificate")
	}
	return s.serve(ctx, ln, secure)
}

func (s *Server) serve(ctx context.Context, ln net.Listener, begin change) error {
	defer ln.Close()
	if !s.track(ln) {
		return nil
	}
	defer s.forget(ln)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() { _ = ln.Close() })()
	defer context.AfterFunc(s.stopped, func() { cancel(errStopping) })()
	var own sync.WaitGroup
	defer own.Wait()
	wait := minBackOff
	for {
		nc, err := ln.Accept()
		switch {
		case err == nil:
			wait = minBackOff
			own.Go(func() { s.latest.Load().session(ctx, nc, begin) })
		case errors.Is(err, net.ErrClosed):
			return nil
		default:
			s.cfg.Log.Warn("accept", "err", err, "again_in", wait)
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			case <-s.draining:
			}
			wait = min(2*wait, maxBackOff)
		}
	}
}

// Shutdown stops accepting and lets transfers that are running end; sessions are
// closed with a 421. When ctx is done first, what is left is cut off and ctx's
// error returned. A server that was shut down serves no more.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	for ln := range s.listeners {
		_ = ln.Close()
	}
	if !s.isDraining() {
		close(s.draining)
	}
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		s.all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		s.stop(errStopping)
		return nil
	case <-ctx.Done():
		s.stop(errStopping)
		<-ended
		return ctx.Err()
	}
}

func (s *Server) isDraining() bool {
	select {
	case <-s.draining:
		return true
	default:
		return false
	}
}

func (s *Server) track(ln net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isDraining() {
		return false
	}
	s.listeners[ln] = struct{}{}
	s.all.Add(1)
	return true
}

func (s *Server) forget(ln net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, ln)
	s.all.Done()
}

// session runs one control connection to its end.
func (s *Server) session(ctx context.Context, nc net.Conn, begin change) {
	ctx, gone := context.WithCancelCause(ctx)
	c := s.newConn(nc, gone)
	visit, verdict := s.cfg.Admission.Enter(addrPort(nc.RemoteAddr()).Addr(), func() { gone(errCrowded) })
	if verdict != admission.Admitted {
		last := turnedAway(c, verdict)
		if verdict == admission.Full && s.cfg.Connections.ResetOnMaxConnections {
			reset(nc)
			last.answers = nil
		}
		if begin != nil { // a handshake is more than a server owes
			last.answers = nil
		}
		c.serve(ctx, gone, last)
		return
	}
	defer visit.Leave()
	c.conduct.visit = visit
	c.conduct.change = begin
	c.serve(ctx, gone, greet(c))
}

// reset ends a connection without a word.
func reset(nc net.Conn) {
	if tcp, ok := nc.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = nc.Close()
}

func (s *Server) newConn(nc net.Conn, gone context.CancelCauseFunc) *conn {
	local, remote := addrPort(nc.LocalAddr()), addrPort(nc.RemoteAddr())
	wire := ftpwire.NewConn(nc, s.cfg.MaxCommandLine, replyTimeout)
	now := time.Now()
	c := &conn{
		srv: s, wire: wire, in: newReader(wire, s.table), mail: newMailbox(),
		sess: session{negotiated: negotiate(s.cfg)}, conduct: conduct{opened: now, active: now}, clock: time.NewTimer(replyTimeout),
		log: &recorder{out: s.cfg.AccessLog, diag: s.cfg.Log, row: w3clog.Entry{
			Client: remote, Server: local, Session: newSessionID(), Site: s.cfg.SiteName, Computer: s.cfg.Computer,
		}},
	}
	c.data = dtp.New(dtp.Config{
		Ports: s.cfg.Ports, Local: local.Addr(), Peer: remote.Addr(),
		AnyPeerPassive: s.cfg.DataChannel.AnyAddressForPasv,
		AnyPeerActive:  s.cfg.DataChannel.AnyAddressForPort,
		Timeout:        s.cfg.Connections.DataChannelTimeout,
		OnEvent:        func(e dtp.Event) { c.mail.post(letter{event: e}) },
		OnPanic: func(p any) {
			c.panicked(p)
			gone(errPanicked)
		},
	})
	return c
}

// addrPort is an address of the control connection, IPv4 in its short form.
func addrPort(addr net.Addr) netip.AddrPort {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := tcp.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
