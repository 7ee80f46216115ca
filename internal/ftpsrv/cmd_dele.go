package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdDELE deletes a file (RFC 959, 4.1.3).
func cmdDELE(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	name, err := target(c, arg)
	if err == nil {
		err = c.sess.root.Remove(ctx, name)
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return done(250, c.cur.cmd.Verb), nil
}
