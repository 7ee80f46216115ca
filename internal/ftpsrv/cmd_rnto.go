package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdRNTO renames what the RNFR right before it named (RFC 959, 4.1.3). An
// existing file is replaced only with allowReplaceOnRename.
func cmdRNTO(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	from := c.sess.from
	c.sess.from = ""
	if from == "" {
		return ftpwire.Reply{}, errSequence
	}
	to, err := target(c, arg)
	if err == nil {
		err = c.sess.root.Rename(ctx, from, to, c.srv.cfg.Files.AllowReplaceOnRename)
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return done(250, c.cur.cmd.Verb), nil
}
