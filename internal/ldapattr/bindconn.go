package ldapattr

import (
	"errors"
	"os"
	"time"
)

// bindConn is a protected connection on which nothing but binds is ever sent.
type bindConn struct {
	*channel
	of     target // the domain controller, in the way it is reached for requests
	id     int64  // of the last message
	parked chan error
}

// newBindConn takes over a channel on which nothing but StartTLS has been said.
func newBindConn(c *channel, of target) *bindConn { return &bindConn{channel: c, of: of} }

// park watches the idle connection: a domain controller that goes away, or that
// says anything unasked, makes it unfit. Finding that out by sending the next
// user's password would cost a bind that nobody may repeat.
func (b *bindConn) park() {
	b.parked = make(chan error, 1)
	go func() {
		var one [1]byte
		_, err := b.Read(one[:])
		b.parked <- err
	}()
}

// alive ends the idle time and reports whether nothing happened in it.
func (b *bindConn) alive() bool {
	if b.parked == nil {
		return true
	}
	if err := b.raw.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return false
	}
	err := <-b.parked
	b.parked = nil
	return errors.Is(err, os.ErrDeadlineExceeded)
}
