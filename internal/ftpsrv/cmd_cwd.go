package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdCWD changes the current directory (RFC 959, 4.1.1) to one that is proven to
// exist. Without an argument that is the home. XCWD is the same.
func cmdCWD(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	if blank(arg) {
		arg = "/"
	}
	name, err := resolve(c, arg)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	info, err := c.sess.root.Stat(ctx, name)
	if err == nil && !info.IsDir() {
		err = errNameSyntax // as IIS has been seen to answer, not Win32 267
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	c.sess.cwd = name
	return done(250, c.cur.cmd.Verb), nil
}
