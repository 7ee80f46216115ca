package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMKD makes a directory (RFC 959, 4.1.3); those above it must exist. The reply
// names it as the client did. XMKD is the same.
func cmdMKD(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	name, err := target(c, arg)
	if err == nil {
		err = c.sess.root.Mkdir(ctx, name)
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return ftpwire.NewReply(257, quoted(arg)+" directory created."), nil
}
