package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdPWD tells the current directory (RFC 959, 4.1.3). XPWD is the same.
func cmdPWD(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	return ftpwire.NewReply(257, quoted(c.sess.cwd)+" is current directory."), nil
}
