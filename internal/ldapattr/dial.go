package ldapattr

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// dialer makes connections to whichever domain controller answers.
type dialer struct {
	cfg     Config
	locator *locator
	log     *slog.Logger
}

// anyDC tries the domain controllers in order until one works. Each gets an
// equal share of the time that is left. A refused bind ends the search: the same
// password is wrong everywhere, and trying it on every DC would lock the account.
func (d *dialer) anyDC(ctx context.Context, try func(context.Context, target) error) error {
	targets, err := d.locator.targets(ctx)
	if err != nil {
		return err
	}
	var failures []error
	for i, t := range targets {
		share, cancel := context.WithTimeoutCause(ctx, shareOf(ctx, len(targets)-i, d.cfg.timeout()), errNoAnswer)
		err := try(share, t)
		err = noAnswer(share, err)
		cancel()
		if err == nil {
			d.locator.works(t)
			return nil
		}
		if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errNoAnswer) || !worthAnother(err) {
			return explain("connect to", t.String(), err)
		}
		d.log.Warn("domain controller does not answer", "server", t.String(), "error", err)
		failures = append(failures, explain("connect to", t.String(), err))
	}
	return unreachable(failures)
}

// shareOf divides the time that is left, so that a silent domain controller
// leaves some for the next one.
func shareOf(ctx context.Context, left int, timeout time.Duration) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		timeout = time.Until(deadline)
	}
	return timeout / time.Duration(left)
}

// worthAnother: the failure may be this domain controller's own.
func worthAnother(err error) bool {
	if errors.Is(err, errNoTLS) || isAnothersTicket(err) {
		return true
	}
	for _, kind := range []error{ErrAuth, ErrPlaintext, ErrUsage, ErrRights} {
		if errors.Is(err, kind) {
			return false
		}
	}
	return !ldap.IsErrorAnyOf(err, ldap.LDAPResultInvalidCredentials, ldap.LDAPResultStrongAuthRequired,
		ldap.LDAPResultConfidentialityRequired)
}

// unreachable joins the failures of all domain controllers into one error. It has
// their kind if all have the same; a mixture says no more than that none works, so
// nothing of it is left but the texts.
func unreachable(failures []error) error {
	if len(failures) == 1 {
		return failures[0]
	}
	joined := &Error{Kind: ErrUnreachable, Op: "connect", Win32: winerr.NoLogonServers}
	var texts []string
	var first *Error
	same := true
	for _, failure := range failures {
		texts = append(texts, failure.Error())
		var e *Error
		if !errors.As(failure, &e) {
			same = false
			continue
		}
		if first == nil {
			first = e
		}
		same = same && errors.Is(e.Kind, first.Kind)
		if joined.Hint == "" {
			joined.Hint = e.Hint
		}
	}
	if same {
		joined.Kind, joined.Win32, joined.SubCode = first.Kind, first.Win32, first.SubCode
	}
	joined.Err = errors.New(strings.Join(texts, "; "))
	return joined
}

// open connects to t and makes TLS of it as t says, until ctx ends; the connection
// itself outlives ctx.
func (d *dialer) open(ctx context.Context, t target) (*channel, error) {
	keepAlive := net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}
	tcp, err := (&net.Dialer{KeepAliveConfig: keepAlive}).DialContext(ctx, "tcp", t.address())
	if err != nil {
		return nil, err
	}
	bounded := &boundedConn{Conn: tcp, timeout: d.cfg.timeout()}
	c := &channel{Conn: bounded, raw: bounded, target: t}
	if err := c.during(ctx, func() error { return d.protect(ctx, c) }); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// protect makes TLS of the connection where the target says so. A refused
// StartTLS is an error: going on in clear would be what an attacker wants.
func (d *dialer) protect(ctx context.Context, c *channel) error {
	if !c.target.encrypted() {
		return nil
	}
	config, err := tlsConfig(d.cfg, c.target.certName)
	if err != nil {
		return err
	}
	if c.target.startTLS {
		if err := startTLS(c.Conn); err != nil {
			return err
		}
	}
	secured := tls.Client(c.Conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return err
	}
	c.Conn = secured
	return nil
}
