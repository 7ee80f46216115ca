package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdRMD removes an empty directory (RFC 959, 4.1.3). XRMD is the same.
func cmdRMD(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	name, err := target(c, arg)
	if err == nil {
		err = c.sess.root.RemoveDir(ctx, name)
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return done(250, c.cur.cmd.Verb), nil
}
