package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdDELE deletes a file (RFC 959, 4.1.3).
func cmdDELE(c *conn, arg string) (task, error) {
	reply := done(250, c.cur.cmd.Verb)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		name, err := at.target(arg)
		if err == nil {
			err = at.root.Remove(ctx, name)
		}
		return reply, err
	}, nil
}
