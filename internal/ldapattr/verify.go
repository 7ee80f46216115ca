package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// maxPassword is far above AD's limit of 256 characters.
const maxPassword = 4096

// VerifyPassword checks the password of exactly this object, by a bind with its
// DN on a protected connection that is used for binds only; there is never more
// than one bind, since each wrong one counts towards a lock-out. An empty
// password or DN is refused before a packet is sent: a directory would answer
// "success" to an anonymous bind (RFC 4513, section 5.1.2). Errors: ErrAuth with
// SubCode and Win32, ErrPlaintext, ErrUnreachable.
func (d *Directory) VerifyPassword(ctx context.Context, u User, password secret.Text) error {
	if err := checkCredentials(u, password); err != nil {
		return &Error{Kind: ErrAuth, Op: "verify the password of", Object: abridge(u.DN), Win32: winerr.LogonFailure, Err: err}
	}
	ctx, cancel := d.limit(ctx, d.dialer.cfg.timeout())
	defer cancel()
	err := d.bindAs(ctx, u.DN, password)
	return explain("verify the password of", u.DN, oddIsUnreachable(err))
}

// checkCredentials refuses what a directory might take for an anonymous bind, or
// cut at a NUL and take for another password.
func checkCredentials(u User, password secret.Text) error {
	switch text := password.Reveal(); {
	case text == "":
		return errors.New("the password is empty")
	case len(text) > maxPassword:
		return errors.New("the password is too long")
	case strings.ContainsRune(text, 0):
		return errors.New("the password holds a NUL")
	}
	dn, err := ldap.ParseDN(u.DN)
	if err != nil || len(dn.RDNs) == 0 {
		return errors.New("the user has no valid DN")
	}
	return nil
}

// bindAs sends exactly one bind. Its connection is kept only after a clean
// success: after anything else its state is not known.
func (d *Directory) bindAs(ctx context.Context, dn string, password secret.Text) error {
	b, _, err := d.binds.take(ctx)
	if err != nil {
		return noAnswer(ctx, err)
	}
	b.id++
	err = b.during(ctx, func() error { return simpleBind(b.Conn, b.id, dn, password.Reveal()) })
	if err == nil && ctx.Err() == nil {
		d.binds.give(b)
		return nil
	}
	d.binds.drop(b)
	if isNetwork(err) || isUnfit(err) {
		d.lost(ctx, b.of)
	}
	return err
}

// oddIsUnreachable: to a bind the directory says yes, or 49 with a reason that
// concerns the account. Anything else says nothing about the password.
func oddIsUnreachable(err error) error {
	var result *ldap.Error
	if !errors.As(err, &result) {
		return err
	}
	switch result.ResultCode {
	case ldap.LDAPResultInvalidCredentials, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable,
		ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired:
		return err
	}
	return fmt.Errorf("%w: result %d to a bind", errOddAnswer, result.ResultCode)
}

// connectBind makes a protected connection for binds to a domain controller,
// first of all to the one that requests go to.
func (d *Directory) connectBind(ctx context.Context) (*bindConn, error) {
	var made *bindConn
	err := d.dialer.anyDC(ctx, func(ctx context.Context, t target) error {
		c, err := d.dialer.openForPassword(ctx, t)
		if err == nil {
			c.trace(d.dialer.cfg.Trace)
			made = newBindConn(c, t)
		}
		return err
	})
	return made, err
}

// errNoTLS is a domain controller without a certificate; others may have one.
var errNoTLS = errors.New("the domain controller offers no TLS")

// openForPassword opens a connection that a user's password may cross. Where the
// requests are sealed by Kerberos on 389, that is a second one with TLS: by
// StartTLS, or on 636. A firewall may keep 636 silent, so it gets half of the time.
func (d *dialer) openForPassword(ctx context.Context, t target) (*channel, error) {
	if t.encrypted() || d.cfg.AllowPlaintext && !d.cfg.Bind.Kerberos {
		return d.open(ctx, t)
	}
	upgraded, ldaps := t, t
	upgraded.startTLS = true
	ldaps.ldaps, ldaps.port = true, portLDAPS
	c, refused := d.open(ctx, upgraded)
	if refused == nil || isNetwork(refused) {
		return c, refused
	}
	share, cancel := context.WithTimeoutCause(ctx, shareOf(ctx, 2, d.cfg.timeout()), errNoAnswer)
	defer cancel()
	c, err := d.open(share, ldaps)
	switch {
	case err == nil:
		return c, nil
	case d.cfg.AllowPlaintext:
		return d.open(ctx, t)
	case share.Err() != nil:
		return nil, noAnswer(share, err) // that says nothing about TLS
	case certificateHint(err) != "":
		return nil, err
	}
	return nil, &Error{Kind: ErrPlaintext, Op: "verify a password at", Object: t.String(), Win32: winerr.NoLogonServers, Err: errNoTLS,
		Hint: "users' passwords need TLS even where Kerberos seals everything else; give the domain controller a certificate"}
}
