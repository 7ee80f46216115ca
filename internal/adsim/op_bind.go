package adsim

import (
	"context"
	"fmt"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// opBind authenticates by name and password (RFC 4511, 4.2; MS-ADTS 5.1.1.1.1).
// Whatever goes wrong leaves the connection anonymous.
func opBind(_ context.Context, c *conn, r *request) (result, error) {
	c.who = nil
	parts, err := fields(r.body, 3)
	if err != nil {
		return result{}, err
	}
	version, err := small(parts[0], ber.TagInteger)
	if err != nil {
		return result{}, err
	}
	name, err := octets(parts[1])
	if err != nil {
		return result{}, err
	}
	if version != 3 {
		return result{}, refuse(protocolError, errInvalidParameter, "LDAP version 3 only")
	}
	password, simple := tagged(parts[2], 0)
	if !simple {
		return result{}, refuse(authMethodNotSupported, errAuthUnknown, "simple binds only")
	}
	return c.simpleBind(name, password)
}

func (c *conn) simpleBind(name, password string) (result, error) {
	if password == "" {
		// RFC 4513, 5.1.2: a name without a password asks for nothing and gets it.
		// AD says success, which a careless caller takes for a right password.
		if name != "" {
			c.server.counters.count(func(s *Stats) { s.EmptyBinds++ })
		}
		return result{}, nil
	}
	c.server.counters.count(func(s *Stats) {
		s.Binds++
		if !c.secure {
			s.ClearBinds++
		}
	})
	if c.server.requireTLS && !c.secure {
		return result{}, refuse(strongerAuthRequired, errStrongAuth, "a simple bind needs TLS on this server")
	}
	d := c.server.dir
	n, ok := findLogon(d, name)
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
	c.who = &identity{node: n, name: downLevelName(d, entry)}
	c.log.Debug("bind", "name", name, "dn", entry.dn)
	return result{}, nil
}

func (c *conn) refuseBind(name string, reason subCode) *result {
	c.log.Debug("bind refused", "name", name, "data", fmt.Sprintf("%x", uint32(reason)))
	return refuseLogon(reason)
}
