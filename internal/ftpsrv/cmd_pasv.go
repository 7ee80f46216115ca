package ftpsrv

import (
	"context"
	"net/netip"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdPASV opens a port for the next data connection (RFC 959, 4.1.2). It waits
// until an earlier data connection is gone (behaviour 1.7).
func cmdPASV(c *conn, _ string) (task, error) {
	if c.sess.epsvAll {
		return nil, errSequence
	}
	external := c.srv.cfg.ExternalIP4
	// The reply has room for an IPv4 address only.
	if !c.log.row.Server.Addr().Is4() && !external.Is4() {
		return nil, errNoData
	}
	return listen(c, func(addr netip.AddrPort) ftpwire.Reply {
		if external.Is4() {
			addr = netip.AddrPortFrom(external, addr.Port())
		}
		return ftpwire.NewReply(227, "Entering Passive Mode ("+dtp.FormatPASV(addr)+").")
	}), nil
}

// listen opens a port and tells it; that it cannot is a 425, as has been observed.
func listen(c *conn, tell func(netip.AddrPort) ftpwire.Reply) task {
	data := c.data
	return func(ctx context.Context, _ *place) (ftpwire.Reply, error) {
		addr, err := data.Listen(ctx)
		if err != nil {
			return ftpwire.Reply{}, refusal(425, textNoData, winerr.Of(err), subNone)
		}
		return tell(addr), nil
	}
}
