package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdCWD changes the current directory (RFC 959, 4.1.1) to one that is proven to
// exist. XCWD is the same.
func cmdCWD(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	name, err := resolve(c, arg)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	info, err := c.sess.root.Stat(ctx, name)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	c.sess.cwd = name
	return done(250, c.cur.cmd.Verb), nil
}
