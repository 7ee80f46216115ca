package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// errNoAnswer is the cause of contexts that end because our own time is over.
var errNoAnswer = fmt.Errorf("no answer in time: %w", os.ErrDeadlineExceeded)

// errClosed is their cause after Close.
var errClosed = fmt.Errorf("the directory was closed: %w", net.ErrClosed)

// channel is a connection to one domain controller before any bind.
type channel struct {
	net.Conn              // what LDAP is spoken on: TCP, TLS, or sealed
	raw      *boundedConn // the TCP connection below
	target   target
}

// during runs fn, which reads and writes the channel, until ctx ends: then the
// TCP connection is closed under it, which wakes every read and write.
func (c *channel) during(ctx context.Context, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return noAnswer(ctx, err)
	}
	deadline, _ := ctx.Deadline()
	if c.raw.patient.Load() {
		deadline = time.Now().Add(c.raw.timeout)
	}
	if err := c.raw.SetReadDeadline(deadline); err != nil {
		return err
	}
	c.raw.left.Store(maxOctets)
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	err := fn()
	if !stop() || err != nil {
		return noAnswer(ctx, err) // the caller must not use the channel again
	}
	return c.raw.SetReadDeadline(time.Time{})
}

// close ends the connection without a farewell: a stuck peer would not take one.
func (c *channel) close() { _ = c.raw.Close() }

// noAnswer names the true cause of an error that the end of ctx has brought: the
// network only says that the connection is closed.
func noAnswer(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	cause := context.Cause(ctx)
	if errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w (%w)", cause, err)
}
