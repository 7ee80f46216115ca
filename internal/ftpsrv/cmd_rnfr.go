package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdRNFR names what RNTO will rename (RFC 959, 4.1.3). It must exist now.
func cmdRNFR(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	name, err := target(c, arg)
	if err == nil {
		_, err = c.sess.root.Stat(ctx, name)
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	c.sess.from = name
	return ftpwire.NewReply(350, "Requested file action pending further information."), nil
}
