package ldapattr

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// link is a bound connection for requests. It has one user at a time.
type link struct {
	*channel
	ldap   *ldap.Conn
	tap    *tap
	server string    // dnsHostName of the domain controller
	used   time.Time // when the last request ended
	broken atomic.Bool
}

// newLink hands a bound channel to go-ldap, whose goroutines run from here on.
func newLink(c *channel) *link {
	t := &tap{Conn: c.Conn}
	l := &link{channel: c, tap: t, ldap: ldap.NewConn(t, c.target.encrypted())}
	l.ldap.Start()
	return l
}

// do runs requests within the time that ctx has. A link whose ctx ended, or that
// the network failed, is not used again: the answer may still be on its way. Nor
// is one on which the domain controller will not work.
func (l *link) do(ctx context.Context, fn func(*ldap.Conn) error) error {
	if deadline, ok := ctx.Deadline(); ok {
		l.ldap.SetTimeout(max(time.Until(deadline), time.Millisecond))
	}
	err := l.during(ctx, func() error { return fn(l.ldap) })
	l.used = time.Now()
	if ctx.Err() != nil || isNetwork(err) || isUnfit(err) {
		l.broken.Store(true)
	}
	return err
}

// fresh is how long after an answer nobody is asked for a sign of life.
const fresh = 100 * time.Millisecond

// ping reads the rootDSE if the link has not been used just now.
func (l *link) ping(ctx context.Context) error {
	if time.Since(l.used) < fresh {
		return nil
	}
	return l.do(ctx, func(conn *ldap.Conn) error {
		_, err := readRootDSE(conn)
		return err
	})
}

// alive: go-ldap's reader notices when the domain controller closes.
func (l *link) alive() bool { return !l.broken.Load() && !l.ldap.IsClosing() }

// park has nothing to do, since go-ldap reads all the time.
func (l *link) park() {}

// close ends the link at once. The TCP connection goes first: go-ldap's Close
// waits for its writer, which may be stuck in it.
func (l *link) close() {
	l.broken.Store(true)
	l.channel.close()
	_ = l.ldap.Close()
}
