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
func cmdPORT(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	addr, err := dtp.ParsePORT(arg)
	return connect(ctx, c, addr, err)
}

// connect is what PORT and EPRT do with an address or with the error of parsing it.
func connect(ctx context.Context, c *conn, addr netip.AddrPort, err error) (ftpwire.Reply, error) {
	if c.sess.epsvAll {
		return ftpwire.Reply{}, errSequence
	}
	if err == nil {
		err = c.data.Dial(ctx, addr)
	}
	switch {
	case err == nil:
		return done(200, c.cur.cmd.Verb), nil
	case errors.Is(err, dtp.ErrFamily):
		return ftpwire.Reply{}, wrongFamily("1,2")
	case errors.Is(err, dtp.ErrSyntax), errors.Is(err, dtp.ErrAddress):
		return ftpwire.Reply{}, errArgument
	}
	return ftpwire.Reply{}, refusal(425, textNoData, winerr.Of(err), subNone)
}

// wrongFamily names the network protocols that can be used (RFC 2428, 2).
func wrongFamily(usable string) *replyError {
	return refusal(522, "Network protocol not supported, use ("+usable+")", winerr.NotSupported, subNone)
}
