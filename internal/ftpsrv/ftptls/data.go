package ftptls

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
)

// Errors of Data. The handshake has ended when they come, so that the client reads
// the reason on the control connection instead of reporting an error of TLS.
var (
	ErrForeign    = errors.New("the data connection would resume the TLS session of another control connection")
	ErrNotResumed = errors.New("the data connection does not resume the TLS session of its control connection")
	ErrOtherCert  = errors.New("the data connection has another client certificate than the control connection")
)

// ErrTruncated is the end of a stream without TLS's own end: somebody may have cut
// it off.
var ErrTruncated = fmt.Errorf("the data connection ended without close_notify: %w", io.ErrUnexpectedEOF)

// Data is a protected data connection. Close sends close_notify first, as does
// CloseWrite.
type Data struct {
	*tls.Conn
	raw *watched
}

// The ALPN names of data connections; most clients that offer any offer the first.
const alpnData, alpnControl = "ftp-data", "ftp"

// preSharedKey is the extension with which a client offers tickets in TLS 1.3 (RFC
// 8446 section 4.2.11).
const preSharedKey = 41

// Data makes the handshake on a data connection of the session. The server's side
// is ours whoever opened the connection (RFC 4217 section 7). Only a ticket of the
// session itself resumes it. One of another session is refused, but for those of the
// session's family: a client with one memory for the tickets of several sessions makes
// a new TLS session then, as one does that has no ticket. After ErrForeign,
// ErrNotResumed and ErrOtherCert the connection is returned too, to be closed.
func (s *Session) Data(ctx context.Context, nc net.Conn) (*Data, error) {
	foreign := false
	cfg := s.layer.common(alpnData, alpnControl)
	cfg.DynamicRecordSizingDisabled = true // whole files go here
	cfg.WrapSession = func(cs tls.ConnectionState, state *tls.SessionState) ([]byte, error) {
		// TLS 1.2 sends a ticket within the handshake, before admit is asked.
		if cs.DidResume || !s.layer.cfg.RequireReuse {
			state.Extra = s.mark.extra()
		}
		return s.layer.tickets.EncryptTicket(cs, state)
	}
	cfg.UnwrapSession = func(ticket []byte, cs tls.ConnectionState) (*tls.SessionState, error) {
		state, err := s.layer.tickets.DecryptTicket(ticket, cs)
		if err != nil || state == nil {
			return nil, err
		}
		// The configuration is this connection's own, and the handshake looks
		// again before it would send a ticket, which it shall not.
		cfg.SessionTicketsDisabled = cs.Version >= tls.VersionTLS13
		if of, ok := markOf(state); !ok || of != s.mark {
			foreign = foreign || s.layer.cfg.RequireReuse || !s.layer.families.related(of, s.mark)
			return nil, nil
		}
		return state, nil
	}
	cfg.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		modern := slices.Contains(hello.SupportedVersions, uint16(tls.VersionTLS13))
		cfg.SessionTicketsDisabled = modern && !slices.Contains(hello.Extensions, preSharedKey)
		return cfg, nil
	}
	raw := &watched{Conn: nc}
	d := &Data{tls.Server(raw, cfg), raw}
	if err := d.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("TLS on the data connection: %w", err)
	}
	return d, s.admit(d.ConnectionState(), foreign)
}

// admit decides whether a data connection belongs to the session.
func (s *Session) admit(data tls.ConnectionState, foreign bool) error {
	switch {
	case foreign && !data.DidResume:
		return ErrForeign
	case s.layer.cfg.RequireReuse && !data.DidResume:
		return ErrNotResumed
	case !sameCertificate(s.ConnectionState().PeerCertificates, data.PeerCertificates):
		return ErrOtherCert
	}
	return nil
}

// sameCertificate compares the clients' own certificates, the first of each chain.
func sameCertificate(a, b []*x509.Certificate) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return a[0].Equal(b[0])
}

// Read reads as tls.Conn does, but the end of a stream that was cut off is
// ErrTruncated.
func (d *Data) Read(p []byte) (int, error) {
	n, err := d.Conn.Read(p)
	if errors.Is(err, io.EOF) && d.raw.ended.Load() {
		err = ErrTruncated
	}
	return n, err
}
