package ftpsrv

import (
	"context"
	"errors"
	"net/netip"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdPORT names the client's port for the next data connection (RFC 959, 4.1.2).
// The connection is on its way when the reply goes out (behaviour 1.3).
func cmdPORT(c *conn, arg string) (task, error) {
	addr, err := dtp.ParsePORT(arg)
	return connect(c, addr, err)
}

// connect is what PORT and EPRT do with an address or with the error of parsing it.
func connect(c *conn, addr netip.AddrPort, err error) (task, error) {
	if c.sess.epsvAll {
		return nil, errSequence
	}
	if err != nil {
		return nil, badPort(err)
	}
	data, reply := c.data, done(200, c.cur.cmd.Verb)
	return func(ctx context.Context, _ *place) (ftpwire.Reply, error) {
		if err := data.Dial(ctx, addr); err != nil {
			return ftpwire.Reply{}, badPort(err)
		}
		return reply, nil
	}, nil
}

func badPort(err error) error {
	switch {
	case errors.Is(err, dtp.ErrFamily):
		return wrongFamily("1,2")
	case errors.Is(err, dtp.ErrSyntax), errors.Is(err, dtp.ErrAddress):
		return errArgument
	}
	return refusal(425, textNoData, winerr.Of(err), subNone)
}

// wrongFamily names the network protocols that can be used (RFC 2428, 2).
func wrongFamily(usable string) *replyError {
	return refusal(522, "Network protocol not supported, use ("+usable+")", winerr.NotSupported, subNone)
}
