package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdCLNT takes the name of the client's program, which the access log shows and
// nothing depends on.
func cmdCLNT(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	return done(200, c.cur.cmd.Verb), nil
}
