package ftptls

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Session is the TLS of one control connection.
type Session struct {
	*tls.Conn
	layer *Layer
	raw   net.Conn
	mark  mark // in every ticket of this session
}

// Control makes the handshake on a control connection, which the client may have begun
// as early as begun. Tickets of earlier sessions may resume it; its own tickets are good
// for its data connections. The error is crypto/tls's, or ctx's.
func (l *Layer) Control(ctx context.Context, nc net.Conn, begun time.Time) (*Session, error) {
	s := &Session{layer: l, raw: nc}
	_, _ = rand.Read(s.mark.id[:]) // never fails: crypto/rand ends the program instead
	s.mark.family = s.mark.id
	cfg := l.common("ftp")
	cfg.UnwrapSession = func(ticket []byte, cs tls.ConnectionState) (*tls.SessionState, error) {
		state, err := l.tickets.DecryptTicket(ticket, cs)
		if err != nil || state == nil {
			return nil, err
		}
		if earlier, ok := markOf(state); ok {
			s.mark.family = earlier.family
		}
		return state, nil
	}
	cfg.WrapSession = func(cs tls.ConnectionState, state *tls.SessionState) ([]byte, error) {
		state.Extra = s.mark.extra()
		return l.tickets.EncryptTicket(cs, state)
	}
	stream := &records{Conn: nc}
	s.Conn = tls.Server(stream, cfg)
	if err := s.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("TLS on the control connection: %w", err)
	}
	if s.mark.family == s.mark.id {
		l.families.found(s.mark, nc.RemoteAddr(), begun)
		// The first command may be on its way before the ticket arrives, the second
		// comes after the first one's reply.
		stream.onRecord(2, func() { l.families.settle(s.mark.id) })
	}
	return s, nil
}

// ServerName is the host that the client named in its first message (SNI), or "".
func (s *Session) ServerName() string { return s.ConnectionState().ServerName }

// ErrPipelined means that octets came where the end of TLS was due.
var ErrPipelined = errors.New("data before the end of TLS")

// Clear ends TLS on the connection, from both sides, and returns the connection
// below, on which nothing of the client has been read yet (CCC, RFC 4217 section
// 4.2). The client gets until the deadline for its part.
func (s *Session) Clear(deadline time.Time) (net.Conn, error) {
	if err := s.CloseWrite(); err != nil {
		return nil, err
	}
	if err := s.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	var b [1]byte
	switch n, err := s.Read(b[:]); {
	case n > 0:
		return nil, ErrPipelined
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return s.raw, s.raw.SetDeadline(time.Time{}) // CloseWrite has left one of its own
}
