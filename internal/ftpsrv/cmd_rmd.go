package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdRMD removes an empty directory (RFC 959, 4.1.3). XRMD is the same.
func cmdRMD(c *conn, arg string) (task, error) {
	reply := done(250, c.cur.cmd.Verb)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		name, err := at.target(arg)
		if err == nil {
			err = at.root.RemoveDir(ctx, name)
		}
		return reply, err
	}, nil
}
