package smbfs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	defaultTimeout = 30 * time.Second
	// A request that is given up half-way leaves the library's buffers and the
	// server's handles in doubt. So when a context ends, the server has a moment
	// to answer, and then the connection goes.
	grace     = time.Second
	keepAlive = 15 * time.Second
)

// link is the TCP connection to the server, and its end: once it has ended,
// every call returns winerr.NetNameDeleted at once.
type link struct {
	*wire
	ctx     context.Context
	cancel  context.CancelFunc
	timeout time.Duration
}

func dial(ctx context.Context, t Target) (*link, error) {
	timeout := t.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	dialer := net.Dialer{Timeout: timeout, KeepAlive: keepAlive}
	conn, err := dialer.DialContext(ctx, "tcp", t.address())
	if err != nil {
		return nil, err
	}
	l := &link{timeout: timeout}
	// The connection outlives the call that opens it.
	l.ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	l.wire = &wire{Conn: conn, lost: l.end}
	return l, nil
}

// end closes the connection and lets go whoever waits for an answer, or for the
// right to ask.
func (l *link) end() {
	_ = l.Conn.Close()
	l.cancel()
}

// call runs one use of the library: not after the link has ended, no longer than
// the timeout and a moment beyond ctx, and with a panic turned into an error.
// Errors come back as Win32 codes.
func (l *link) call(ctx context.Context, use func() error) error {
	if l.ctx.Err() != nil {
		return winerr.NetNameDeleted
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w := l.watch(ctx)
	err := l.contain(use)
	late := w.stop()
	var transport *smb2.TransportError
	var malformed *smb2.InvalidResponseError
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return err
	case late:
		return winerr.SemTimeout
	case errors.As(err, &malformed):
		// Nobody knows what the next answer will belong to; and the library's
		// receiver may be gone, with the connection still open.
		l.end()
	case errors.As(err, &transport), l.ctx.Err() != nil:
		l.end()
		return winerr.NetNameDeleted
	}
	return translate(err)
}

// contain keeps a panic of the library, which a hostile answer can cause, from
// the rest of the program. Its state is unknown then, so the link ends.
func (l *link) contain(use func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			l.end()
			err = fmt.Errorf("smb library: %v: %w", r, winerr.NetNameDeleted)
		}
	}()
	return use()
}

// watchdog ends the link when one call takes too long.
type watchdog struct {
	mu         sync.Mutex
	timer      *time.Timer
	over, late bool
	detach     func() bool
}

func (l *link) watch(ctx context.Context) *watchdog {
	w := &watchdog{}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(l.timeout, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.over {
			w.late = true
			l.end()
		}
	})
	w.detach = context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.over {
			w.timer.Reset(min(grace, l.timeout))
		}
	})
	return w
}

// stop ends the watch and reports whether the call was too late.
func (w *watchdog) stop() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.timer.Stop()
	w.detach()
	return w.late
}
