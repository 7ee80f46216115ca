//go:build !windows

package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// sealsOn389: with Kerberos this build protects plain LDAP by itself.
const sealsOn389 = true

// usesKeys says whether the bind gets its ticket with a keytab or a password.
func usesKeys(bind Bind) bool { return bind.Keytab != "" || !bind.Password.Empty() }

// checkKerberos refuses a server for which there can be no ticket.
func checkKerberos(t target) error {
	if net.ParseIP(t.host) == nil {
		return nil
	}
	return &Error{Kind: ErrUsage, Op: "bind with Kerberos to", Object: t.String(),
		Err: errors.New("tickets are for names, not for addresses"), Hint: "give the domain controller's full DNS name"}
}

// bindKerberos binds with a ticket (SASL GSSAPI, RFC 4752). Where no TLS protects
// the connection, everything after the bind is sealed.
func (d *dialer) bindKerberos(ctx context.Context, c *channel) error {
	var w *wrapper
	var serverMax int
	err := guarded(func() error {
		found, err := d.serviceTicket(ctx, c.target.host)
		if err != nil {
			return err
		}
		w, serverMax, err = saslBind(c, found)
		return err
	})
	if c.target.encrypted() {
		return sealedOnly(c.target, err)
	}
	if err != nil {
		return err
	}
	sealed, err := newSealedConn(c.Conn, w, serverMax)
	if err != nil {
		return err
	}
	c.Conn = sealed
	return nil
}

// sealedOnly: some domain controllers take a ticket only together with a seal,
// and a seal inside TLS nobody takes.
func sealedOnly(t target, err error) error {
	if !ldap.IsErrorWithCode(err, ldap.LDAPResultStrongAuthRequired) {
		return err
	}
	return &Error{Kind: ErrPlaintext, Op: "bind with Kerberos to", Object: t.String(), Win32: winerr.AccessDenied, Err: err,
		Hint: "this domain controller wants Kerberos to seal; use ldap://" + t.host + " without TLS"}
}

// saslBind is the GSSAPI mechanism's three rounds: AP-REQ and AP-REP, an empty
// answer that fetches the offer of layers, the choice.
func saslBind(c *channel, t ticket) (*wrapper, int, error) {
	i := &initiator{ticket: t}
	token, err := i.request()
	if err != nil {
		return nil, 0, err
	}
	reply, done, err := saslStep(c.Conn, 1, token)
	if err != nil || done {
		return nil, 0, orOdd(err)
	}
	w, err := i.accept(reply)
	if err != nil {
		return nil, 0, err
	}
	offer, done, err := saslStep(c.Conn, 2, nil)
	if err != nil || done {
		return nil, 0, orOdd(err)
	}
	answer, serverMax, err := chooseLayer(w, offer, c.target.encrypted())
	if err != nil {
		return nil, 0, err
	}
	if _, done, err = saslStep(c.Conn, 3, answer); err != nil || !done {
		return nil, 0, orOdd(err)
	}
	return w, serverMax, nil
}

// guarded turns a panic of the Kerberos library, which trusts the octets of
// files and networks too much in places, into an error.
func guarded(fn func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("malformed Kerberos data: %v", cause)
		}
	}()
	return fn()
}

// principal splits Bind.User into name and realm: user@REALM, a bare name, which is
// of the given realm, and DOMAIN\user, if the domain is that realm's. What other
// realm a NetBIOS name stands for nobody tells, and to guess would be to log on as
// somebody else's namesake.
func principal(user, realm string) (string, string, error) {
	refuse := func(reason, hint string) (string, string, error) {
		return "", "", &Error{Kind: ErrUsage, Op: "bind with Kerberos as", Object: abridge(user), Err: errors.New(reason), Hint: hint}
	}
	name := user
	if domain, after, ok := strings.Cut(user, `\`); ok {
		label, _, _ := strings.Cut(realm, ".")
		if !strings.EqualFold(domain, realm) && !strings.EqualFold(domain, label) {
			return refuse("the realm of "+abridge(domain)+" is not known; the domain controller's is "+realm, "write user@REALM")
		}
		name = after
	} else if at := strings.LastIndexByte(user, '@'); at >= 0 {
		name, realm = user[:at], strings.ToUpper(user[at+1:])
	}
	if name == "" || realm == "" {
		return refuse("it names no user or no realm", "write user@REALM")
	}
	return name, realm, nil
}

// realmOf guesses the realm of a host where krb5.conf says nothing: Active
// Directory's realms are its DNS domains in capitals.
func (d *dialer) realmOf(host string, conf krb5Conf) string {
	if realm := conf.realmOf(host); realm != "" {
		return realm
	}
	if d.cfg.Domain != "" {
		return strings.ToUpper(strings.TrimSuffix(d.cfg.Domain, "."))
	}
	if _, parent, ok := strings.Cut(host, "."); ok {
		return strings.ToUpper(parent)
	}
	return conf.defaultRealm
}

// errWeakTicket: there would be keys, but only of types that are broken.
var errWeakTicket = errors.New("no AES key")

// errNoTicket is a credential cache or keytab that cannot be used.
type errNoTicket struct {
	reason string
	hint   string
	err    error
}

// Error returns what is wrong with the file, and the system's reason.
func (e *errNoTicket) Error() string {
	if e.err != nil {
		return e.reason + ": " + e.err.Error()
	}
	return e.reason
}

// Unwrap returns the system's reason.
func (e *errNoTicket) Unwrap() error { return e.err }

// explainTicket fills in e when the failure is about our own tickets.
func explainTicket(e *Error, err error) bool {
	var none *errNoTicket
	if errors.As(err, &none) {
		e.Kind, e.Win32, e.Hint = ErrAuth, winerr.LogonFailure, none.hint
		return true
	}
	if errors.Is(err, errWeakTicket) {
		e.Kind, e.Win32 = ErrAuth, winerr.LogonFailure
		e.Hint = "allow AES for both accounts (msDS-SupportedEncryptionTypes), then change the password once"
		return true
	}
	return false
}
