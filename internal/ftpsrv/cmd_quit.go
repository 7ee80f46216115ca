package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdQUIT ends the session (RFC 959, 4.1.1).
func cmdQUIT(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	c.conduct.over = true
	return before(ftpwire.NewReply(221, "Goodbye."), expand(c, c.srv.cfg.Messages.Exit)), nil
}
