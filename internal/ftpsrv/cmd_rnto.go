package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdRNTO renames what the RNFR right before it named (RFC 959, 4.1.3). An
// existing file is replaced only with allowReplaceOnRename.
func cmdRNTO(c *conn, arg string) (task, error) {
	from := c.sess.from
	c.sess.from = ""
	if from == "" {
		return nil, errSequence
	}
	replace, reply := c.srv.cfg.Files.AllowReplaceOnRename, done(250, c.cur.cmd.Verb)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		to, err := at.target(arg)
		if err == nil {
			err = at.root.Rename(ctx, from, to, replace)
		}
		return reply, err
	}, nil
}
