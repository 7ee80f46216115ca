package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdEPSV opens a port for the next data connection (RFC 2428, 3). EPSV ALL rules
// out the other ways to one for the rest of the session.
func cmdEPSV(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	own, other := "1", "2"
	if c.log.row.Server.Addr().Is6() {
		own, other = other, own
	}
	switch strings.ToUpper(strings.TrimSpace(arg)) {
	case "", own:
	case other:
		return ftpwire.Reply{}, wrongFamily(own)
	case "ALL":
		c.sess.epsvAll = true
		return done(200, "EPSV ALL"), nil
	default:
		return ftpwire.Reply{}, errArgument
	}
	addr, err := listen(ctx, c)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return ftpwire.NewReply(229, "Entering Extended Passive Mode ("+dtp.FormatEPSV(addr.Port())+")"), nil
}
