package adsim

import (
	"context"
	"fmt"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// bind is a decoded BindRequest.
type bind struct {
	version        int
	name, password string
	simple         bool // else the password is not known
}

func decodeBind(p *ber.Packet) (b bind, err error) {
	parts, err := fields(p, 3)
	if err != nil {
		return b, err
	}
	if b.version, err = small(parts[0], ber.TagInteger); err != nil {
		return b, err
	}
	if b.name, err = octets(parts[1]); err != nil {
		return b, err
	}
	b.password, b.simple = tagged(parts[2], 0)
	return b, nil
}

// opBind authenticates by name and password (RFC 4511, 4.2; MS-ADTS 5.1.1.1.1).
// Whatever goes wrong leaves the connection anonymous.
func opBind(_ context.Context, c *conn, r *request) (result, error) {
	c.who = nil
	b, err := decodeBind(r.body)
	switch {
	case err != nil:
		return result{}, err
	case b.version != 3:
		return result{}, refuse(protocolError, errInvalidParameter, "LDAP version 3 only")
	case !b.simple:
		return result{}, refuse(authMethodNotSupported, errAuthUnknown, "simple binds only")
	}
	return c.simpleBind(b.name, b.password)
}

func (c *conn) simpleBind(name, password string) (result, error) {
	if password == "" {
		// RFC 4513, 5.1.2: a name without a password asks for nothing and gets it.
		// AD says success, which a careless caller takes for a right password.
		return result{}, nil
	}
	if c.server.requireTLS && !c.secure {
		return result{}, refuse(strongerAuthRequired, errStrongAuth, "a simple bind needs TLS on this server")
	}
	if name == "" {
		// AD says success to a password without a name too: for a caller who did
		// not find the user, and binds with the DN that he does not have, anybody
		// who types a name that does not exist would have the right password.
		return result{}, nil
	}
	d, n, ok := findTrusted(c.server.dir, name)
	if !ok {
		return result{}, c.refuseBind(name, subNoSuchUser)
	}
	entry := n.current.Load()
	if entry == nil {
		return result{}, c.refuseBind(name, subNoSuchUser)
	}
	if reason := (account{entry, d}).logon(password, time.Now()); reason != 0 {
		return result{}, c.refuseBind(name, reason)
	}
	c.who = &identity{dir: d, node: n, name: downLevelName(d, entry)}
	c.log.Debug("bind", "name", name, "dn", entry.dn)
	return result{}, nil
}

func (c *conn) refuseBind(name string, reason subCode) *result {
	c.log.Debug("bind refused", "name", name, "data", fmt.Sprintf("%x", uint32(reason)))
	return refuseLogon(reason)
}
