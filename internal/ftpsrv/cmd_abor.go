package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdABOR ends the transfer, whose own reply (426, or 226 if it was over already)
// comes first, and then its own (RFC 959, 4.1.3). Without a transfer it closes
// the data connection that waits for one, and says 225, as Microsoft FTP does.
func cmdABOR(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	if c.job == nil {
		if c.data.Armed() {
			c.data.Abort(winerr.ConnectionAborted, subAborted)
		}
		return done(225, c.cur.cmd.Verb), nil
	}
	c.job.cancel(errAborted)
	c.job.aborts = append(c.job.aborts, c.cur)
	return ftpwire.Reply{}, nil
}
