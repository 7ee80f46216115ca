package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdUSER names the user (RFC 959, 4.1.1). It ends the login there was: rights of
// the old one must not meet the name of the new one. Whether the name exists is
// not told.
func cmdUSER(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	logout(c)
	c.sess.identity = identity{}
	if err := chooseHost(c, arg); err != nil {
		return ftpwire.Reply{}, err
	}
	c.sess.identity = identity{asked: true, user: arg}
	return ftpwire.NewReply(331, "Password required"), nil
}
