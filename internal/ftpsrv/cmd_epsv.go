package ftpsrv

import (
	"net/netip"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdEPSV opens a port for the next data connection (RFC 2428, 3). EPSV ALL rules
// out the other ways to one for the rest of the session.
func cmdEPSV(c *conn, arg string) (task, error) {
	own, other := "1", "2"
	if c.log.row.Server.Addr().Is6() {
		own, other = other, own
	}
	switch strings.ToUpper(strings.TrimSpace(arg)) {
	case "", own:
	case other:
		return nil, wrongFamily(own)
	case "ALL":
		c.sess.epsvAll = true
		return answered(done(200, "EPSV ALL")), nil
	default:
		return nil, errArgument
	}
	return listen(c, func(addr netip.AddrPort) ftpwire.Reply {
		return ftpwire.NewReply(229, "Entering Extended Passive Mode ("+dtp.FormatEPSV(addr.Port())+")")
	}), nil
}
