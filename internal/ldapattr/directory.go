package ldapattr

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

const (
	maxPDU   = 1 << 20 // octets of a message; an entry with all that we ask for has a few kilobytes
	maxDepth = 64      // nested elements; answers have seven, requests to an embedded directory more
	maxLinks = 8       // requests in flight
	maxBinds = 8       // password checks in flight
)

// Directory is a domain that answers. It is safe for concurrent use.
type Directory struct {
	dialer *dialer
	links  *pool[*link]
	binds  *pool[*bindConn]
	domain domain
	life   context.Context // ends with Close, and every call with it
	end    context.CancelCauseFunc
	server atomic.Pointer[string] // host name of the DC last connected to
}

// Open connects, binds and learns about the domain. Afterwards connections are
// made anew whenever they are lost, to whichever domain controller answers.
// Errors: ErrUsage, ErrUnreachable, ErrAuth, ErrPlaintext.
func Open(ctx context.Context, cfg Config) (*Directory, error) {
	limitBER()
	locator, err := prepare(cfg)
	if err != nil {
		return nil, err
	}
	d := &Directory{dialer: &dialer{cfg: cfg, locator: locator, log: cfg.logger()}}
	d.life, d.end = context.WithCancelCause(context.Background())
	d.links = newPool(maxLinks, d.connectLink)
	d.binds = newPool(maxBinds, d.connectBind)
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		found, err := readDomain(ctx, l, cfg)
		d.domain = found
		return err
	})
	if err != nil {
		_ = d.Close()
		return nil, explain("open", "the directory", err)
	}
	return d, nil
}

// limitBER caps what any LDAP message may make us hold. The BER library copies
// every constructed element into the one around it, so size counts once per level
// (its own limits, 2 GiB and 1,000 levels, are none). The limits are variables of
// the library, so they are set once, before the first connection; a directory
// embedded in the same process has them, too.
var limitBER = sync.OnceFunc(func() { ber.MaxPacketLengthBytes, ber.MaxNestingDepth = maxPDU, maxDepth })

// Close ends all connections. Calls in progress fail.
func (d *Directory) Close() error {
	d.end(errClosed)
	d.links.shut()
	d.binds.shut()
	return nil
}

// Domain tells what the Directory is connected to.
func (d *Directory) Domain() DomainInfo {
	info := d.domain.info
	if server := d.server.Load(); server != nil {
		info.Server = *server
	}
	return info
}

// connectLink makes a bound connection to any domain controller.
func (d *Directory) connectLink(ctx context.Context) (*link, error) {
	var made *link
	err := d.dialer.anyDC(ctx, func(ctx context.Context, t target) error {
		l, err := d.bindLink(ctx, t)
		made = l
		return err
	})
	return made, err
}

// bindLink connects and binds to one domain controller and makes sure that it
// serves the domain that we know.
func (d *Directory) bindLink(ctx context.Context, t target) (*link, error) {
	c, err := d.dialer.open(ctx, t)
	if err != nil {
		return nil, err
	}
	if err := c.during(ctx, func() error { return d.dialer.bind(ctx, c) }); err != nil {
		c.close()
		return nil, explain("bind to", t.String(), err)
	}
	l := newLink(c)
	// A list of servers may name several domains by mistake, and SRV records may
	// be forged: after the first connection every other must be the same domain.
	err = l.do(ctx, func(conn *ldap.Conn) error {
		root, err := readRootDSE(conn)
		if err != nil {
			return err
		}
		l.server = root.host
		return d.domain.check(root)
	})
	if err != nil {
		l.close()
		return nil, err
	}
	if l.server == "" {
		l.server = t.host
	}
	d.server.Store(&l.server)
	return l, nil
}

// tries bounds how often a request starts anew, however many of the kept
// connections turn out to be useless one after the other.
const tries = 3

// request runs fn on a bound connection, within the configured time. fn may run
// again: when a kept connection turns out to be dead or unfit, another gets a try.
// What fn must not repeat it returns as an *Error.
func (d *Directory) request(ctx context.Context, fn func(context.Context, *link) error) error {
	ctx, cancel := d.limit(ctx, d.dialer.cfg.timeout())
	defer cancel()
	for try := 1; ; try++ {
		reused, err := d.once(ctx, fn)
		if err == nil || !reused || try == tries || ctx.Err() != nil || !isNetwork(err) && !isUnfit(err) {
			return err
		}
		var done *Error
		if errors.As(err, &done) {
			return err
		}
		d.dialer.log.Info("connection to the domain controller was lost", "error", err)
	}
}

// once runs fn on a bound connection and says whether it had been in use before.
// Then it shows first, in a third of the time, that there still is somebody, so
// that the request can go to another domain controller.
func (d *Directory) once(ctx context.Context, fn func(context.Context, *link) error) (reused bool, err error) {
	l, reused, err := d.links.take(ctx)
	if err != nil {
		return reused, noAnswer(ctx, err)
	}
	if reused {
		share, cancel := context.WithTimeoutCause(ctx, shareOf(ctx, 3, d.dialer.cfg.timeout()), errNoAnswer)
		err = l.ping(share)
		cancel()
	}
	if err == nil {
		err = fn(ctx, l)
	}
	if l.alive() {
		d.links.give(l)
		return reused, err
	}
	d.links.drop(l)
	d.lost(ctx, l.target)
	return reused, err
}

// lost ends all idle connections, whose peers are suspect after one has failed,
// and makes new ones go elsewhere first. A caller who gives up, or Close, is no
// reason.
func (d *Directory) lost(ctx context.Context, t target) {
	if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) || errors.Is(cause, errClosed) {
		return
	}
	d.dialer.locator.fails(t)
	d.links.flush()
	d.binds.flush()
}

// limit gives ctx the time that a call may take, and the life of the Directory.
func (d *Directory) limit(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	stop := context.AfterFunc(d.life, func() { end(errClosed) })
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errNoAnswer)
	return ctx, func() {
		stop()
		cancel()
		end(nil)
	}
}
