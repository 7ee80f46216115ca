package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdCWD changes the current directory (RFC 959, 4.1.1) to one that is proven to
// exist. Without an argument that is the home. XCWD is the same.
func cmdCWD(c *conn, arg string) (task, error) {
	if blank(arg) {
		arg = "/"
	}
	reply := done(250, c.cur.cmd.Verb)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		name, err := at.folder(ctx, arg)
		if winerr.Of(err) == winerr.Directory {
			err = errNameSyntax // as IIS has been seen to answer, not Win32 267
		}
		if err != nil {
			return ftpwire.Reply{}, err
		}
		at.cwd = name
		return reply, nil
	}, nil
}
