package ldapattr

import (
	"errors"

	"github.com/go-ldap/ldap/v3"
)

// Check refuses what Open would refuse without sending anything: servers and
// domain that are no such thing, ports of the global catalog, a password that
// would have to cross an unprotected connection, a bind without a user or a
// password, a malformed pin or base. It reads no file and asks no network; a caller
// that has not fetched the password yet puts any other in its place. Errors:
// ErrUsage, ErrPlaintext.
func Check(cfg Config) error {
	_, err := prepare(cfg)
	return err
}

// prepare checks cfg and returns what finds its domain controllers.
func prepare(cfg Config) (*locator, error) {
	l, err := newLocator(cfg)
	if err != nil {
		return nil, err
	}
	if cfg.PinSHA256 != "" {
		if _, err := parsePins(cfg.PinSHA256); err != nil {
			return nil, err
		}
	}
	if cfg.BaseDN != "" {
		if dn, err := ldap.ParseDN(cfg.BaseDN); err != nil || len(dn.RDNs) == 0 {
			return nil, &Error{Kind: ErrUsage, Op: "use base", Object: abridge(cfg.BaseDN), Err: errors.New("is not a distinguished name")}
		}
	}
	if err := checkBind(cfg.Bind); err != nil {
		return nil, err
	}
	// Each of them, since a server that cannot be used would show only on the day
	// when the others are down.
	for _, t := range l.fixed {
		if err := cfg.allowed(t); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// checkBind refuses a bind that names nobody or proves nothing.
func checkBind(bind Bind) error {
	usage := func(object, reason, hint string) error {
		return &Error{Kind: ErrUsage, Op: "bind", Object: object, Err: errors.New(reason), Hint: hint}
	}
	if bind.User != "" {
		if err := checkNameText(bind.User); err != nil {
			return usage("", "the user's name is not valid: it "+err.Error(), "")
		}
	}
	switch needed := !bind.Kerberos || usesKeys(bind); {
	case needed && bind.User == "" && bind.Kerberos:
		return usage("", "no user is given for the keytab or password", "give --bind-user")
	case needed && bind.User == "":
		return usage("", "no user is given", "give --bind-user and a password, or --kerberos")
	case !bind.Kerberos && bind.Password.Empty():
		// RFC 4513, section 5.1.2: it would "succeed" as anonymous.
		return usage("as "+bind.User, "the password is empty", "give it with --password-file or FTPISOCTL_PASSWORD")
	}
	return nil
}

// allowed says whether the bind may cross a connection to t.
func (c Config) allowed(t target) error {
	if c.Bind.Kerberos {
		return checkKerberos(t)
	}
	if t.encrypted() || c.AllowPlaintext {
		return nil
	}
	return &Error{Kind: ErrPlaintext, Op: "bind to", Object: t.String(),
		Err:  errors.New("a password would cross the network in clear text"),
		Hint: "use ldaps://, --starttls or --kerberos; --allow-plaintext sends it all the same"}
}
