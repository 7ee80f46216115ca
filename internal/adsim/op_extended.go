package adsim

import (
	"context"
)

// Extended operations (RFC 4511, 4.14; RFC 4532).
const (
	oidStartTLS = "1.3.6.1.4.1.1466.20037"
	oidWhoAmI   = "1.3.6.1.4.1.4203.1.11.3"
)

// opExtended answers StartTLS and WhoAmI (RFC 4511, 4.12).
func opExtended(_ context.Context, c *conn, r *request) (result, error) {
	parts, err := fields(r.body, 1)
	if err != nil {
		return result{}, err
	}
	oid, ok := tagged(parts[0], 0)
	if !ok {
		return result{}, malformed("extended request without a name")
	}
	switch oid {
	case oidStartTLS:
		return startTLS(c)
	case oidWhoAmI:
		name := ""
		if c.who != nil {
			name = "u:" + c.who.name
		}
		return result{value: &name}, nil
	}
	return result{}, refuse(protocolError, errUnknownExtended, "unknown extended operation")
}

// startTLS says yes or no; upgrade does it once the yes is on its way.
func startTLS(c *conn) (result, error) {
	switch {
	case c.server.tls == nil:
		return result{}, refuse(unavailable, errNotSupported, "the server has no certificate")
	case c.secure:
		return result{}, refuse(operationsError, errNotSupported, "TLS is on already")
	case c.in.Buffered() > 0:
		// What was sent behind the request in the clear must never be taken for
		// something that came over TLS; the connection ends (RFC 4511, 4.14.1).
		return result{}, errEnd
	}
	return result{oid: oidStartTLS}, nil
}

// upgrade starts TLS after a positive answer to StartTLS. Who was bound in the
// clear is so no longer.
func (c *conn) upgrade(ctx context.Context, outcome result) error {
	if outcome.oid != oidStartTLS || outcome.code != success {
		return nil
	}
	c.who = nil
	return c.handshake(ctx)
}
