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
func cmdPASV(ctx context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	if c.sess.epsvAll {
		return ftpwire.Reply{}, errSequence
	}
	// The reply has room for an IPv4 address only.
	if !c.log.row.Server.Addr().Is4() && !c.srv.cfg.ExternalIP4.Is4() {
		return ftpwire.Reply{}, errNoData
	}
	addr, err := listen(ctx, c)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	if c.srv.cfg.ExternalIP4.Is4() {
		addr = netip.AddrPortFrom(c.srv.cfg.ExternalIP4, addr.Port())
	}
	return ftpwire.NewReply(227, "Entering Passive Mode ("+dtp.FormatPASV(addr)+")."), nil
}

// listen opens a port; that it cannot is a 425, as has been observed.
func listen(ctx context.Context, c *conn) (netip.AddrPort, error) {
	addr, err := c.data.Listen(ctx)
	if err != nil {
		return addr, refusal(425, textNoData, winerr.Of(err), subNone)
	}
	return addr, nil
}
