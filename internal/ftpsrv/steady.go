package ftpsrv

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// steady is a data connection below TLS. A write that crypto/tls sees failing spoils
// the stream for good, so here a write goes on after a deadline for as long as the
// limits allow; what crypto/tls sees is final.
type steady struct {
	net.Conn
	m *mover
}

// Write writes all of p unless the connection breaks or the limits are overstepped.
func (s *steady) Write(p []byte) (int, error) {
	total := 0
	for {
		n, err := s.m.timed(func() (int64, error) {
			n, err := s.Conn.Write(p[total:])
			return int64(n), err
		})
		total += int(n)
		if !errors.Is(err, errGoOn) {
			return total, err
		}
	}
}

// Read reads once, for as long as the limits allow.
func (s *steady) Read(p []byte) (int, error) {
	for {
		n, err := s.m.timed(func() (int64, error) {
			n, err := s.Conn.Read(p)
			return int64(n), err
		})
		if n > 0 || !errors.Is(err, errGoOn) {
			return int(n), err
		}
	}
}

// protect makes the handshake. The client's name for a refusal is 425, after the
// handshake has ended, so that it does not report a trouble of TLS instead.
func (m *mover) protect(session *ftptls.Session) error {
	ctx, cancel := context.WithTimeout(m.ctx, m.idle)
	defer cancel()
	data, err := session.Data(ctx, &steady{m.raw, m})
	switch {
	case err == nil:
		m.dc = data
		return nil
	case m.ctx.Err() != nil:
		return cancelled(m.ctx, securing)
	case data != nil:
		_ = data.CloseWrite()
	}
	return &fault{stage: securing, win32: winerr.ConnectionAborted, substatus: subNoTLS, err: err}
}

// bid sends the ends of MODE Z's stream and of TLS's, without which the client could
// not tell a whole file from one that was cut off. After an upload it may be gone.
func (m *mover) bid(job dataJob) error {
	dc := m.dc
	if z, ok := dc.(*deflated); ok {
		if job.recv == nil {
			if err := z.end(); err != nil {
				return broken(err)
			}
		}
		dc = z.Conn
	}
	half, ok := dc.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	if err := half.CloseWrite(); err != nil && job.recv == nil {
		return broken(err)
	}
	return nil
}

// broken is a fault of a coded data connection: no error of TLS or of a compressed
// stream is the storage's.
func broken(err error) error {
	var f *fault
	var known *replyError
	if err == nil || errors.Is(err, io.EOF) || errors.As(err, &f) || errors.As(err, &known) {
		return err
	}
	return &fault{stage: moving, win32: winerr.NetNameDeleted, err: err}
}
