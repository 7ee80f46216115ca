//go:build !windows

package ldapattr

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/krb"
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
	found, err := d.serviceTicket(ctx, c.target.host)
	if err != nil {
		return err
	}
	gss, serverMax, err := saslBind(c, found)
	if c.target.encrypted() {
		return sealedOnly(c.target, err)
	}
	if err != nil {
		return err
	}
	sealed, err := krb.Seal(c.Conn, gss, serverMax)
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
func saslBind(c *channel, t krb.Ticket) (*krb.Context, int, error) {
	i, token, err := t.Initiate()
	if err != nil {
		return nil, 0, err
	}
	reply, done, err := saslStep(c.Conn, 1, token)
	if err != nil || done {
		return nil, 0, orOdd(err)
	}
	gss, err := i.Accept(reply)
	if err != nil {
		return nil, 0, err
	}
	offer, done, err := saslStep(c.Conn, 2, nil)
	if err != nil || done {
		return nil, 0, orOdd(err)
	}
	answer, serverMax, err := gss.ChooseLayer(offer, c.target.encrypted())
	if err != nil {
		return nil, 0, err
	}
	if _, done, err = saslStep(c.Conn, 3, answer); err != nil || !done {
		return nil, 0, orOdd(err)
	}
	return gss, serverMax, nil
}

// serviceTicket gets a ticket for the LDAP service of a host.
func (d *dialer) serviceTicket(ctx context.Context, host string) (krb.Ticket, error) {
	conf, err := krb.LoadConf(d.cfg.Bind.Krb5Conf)
	if err != nil {
		return krb.Ticket{}, &Error{Kind: ErrUsage, Op: "get a ticket for", Object: host, Err: err}
	}
	client := &krb.Client{Timeout: d.cfg.timeout(), Skew: conf.Skew, KDCs: func(realm string) krb.KDCs { return d.kdcsOf(realm, host, conf) }}
	granting, err := d.grantingTicket(ctx, client, d.realmOf(host, conf))
	if err != nil {
		return krb.Ticket{}, err
	}
	return granting.Service(ctx, "ldap/"+strings.ToLower(host))
}

// grantingTicket takes the TGT out of the credential cache, or gets one with a
// keytab or a password.
func (d *dialer) grantingTicket(ctx context.Context, client *krb.Client, realm string) (*krb.TGT, error) {
	bind := d.cfg.Bind
	if !usesKeys(bind) {
		return client.CachedTGT(bind.CCache)
	}
	name, realm, err := principal(bind.User, realm)
	if err != nil {
		return nil, err
	}
	keys := krb.Password(bind.Password)
	if bind.Keytab != "" {
		if keys, err = krb.LoadKeytab(bind.Keytab); err != nil {
			return nil, err
		}
	}
	return client.Login(ctx, krb.Principal{Name: name, Realm: realm}, keys)
}

// kdcsOf lists the KDCs of a realm: those of krb5.conf, else the domain
// controller that we talk to anyway, then those of DNS.
func (d *dialer) kdcsOf(realm, dc string, conf *krb.Conf) krb.KDCs {
	if list := conf.KDCs[realm]; len(list) > 0 {
		return krb.KDCs{Addresses: list}
	}
	found := krb.KDCs{DNS: checkDomain(realm) == nil}
	if strings.EqualFold(realm, d.realmOf(dc, conf)) {
		found.Addresses = []string{dc}
	}
	return found
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
func (d *dialer) realmOf(host string, conf *krb.Conf) string {
	if realm := conf.RealmOf(host); realm != "" {
		return realm
	}
	if d.cfg.Domain != "" {
		return strings.ToUpper(strings.TrimSuffix(d.cfg.Domain, "."))
	}
	if _, parent, ok := strings.Cut(host, "."); ok {
		return strings.ToUpper(parent)
	}
	return conf.DefaultRealm
}

// isAnothersTicket: what a KDC says about one domain controller need not hold for
// the next. What is about the user is the same everywhere, and a wrong password
// counts.
func isAnothersTicket(err error) bool {
	var refused *krb.Error
	return errors.As(err, &refused) && refused.Elsewhere()
}

// explainKerberos fills in e when the failure is about tickets.
func explainKerberos(e *Error, err error) bool {
	var none *krb.Error
	if !errors.As(err, &none) {
		return false
	}
	e.Kind, e.Win32, e.Hint = ErrAuth, none.Win32, none.Hint
	if none.Win32 == winerr.NoLogonServers {
		e.Kind = ErrUnreachable
	}
	if none.Code != 0 {
		e.SubCode = "KRB " + strconv.Itoa(int(none.Code))
	}
	return true
}
