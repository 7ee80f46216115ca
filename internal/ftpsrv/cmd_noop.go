package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdNOOP does nothing (RFC 959, 4.1.3).
func cmdNOOP(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	return done(200, c.cur.cmd.Verb), nil
}
