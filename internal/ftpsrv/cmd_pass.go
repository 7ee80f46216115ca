package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// cmdPASS logs in (RFC 959, 4.1.1). After a failure USER has to come again.
func cmdPASS(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	if !c.sess.asked {
		return ftpwire.Reply{}, errSequence
	}
	c.sess.asked = false
	grant, space, err := login(ctx, c, c.sess.user, secret.New(arg))
	if err != nil {
		return ftpwire.Reply{}, loginFailed(ctx, c, err)
	}
	if !c.conduct.visit.Login(grant.User) {
		closeHome(c, grant.Root)
		c.conduct.over = true
		return ftpwire.Reply{}, errUserFull
	}
	c.sess.login(grant)
	c.conduct.logins = 0
	c.cur.path = c.sess.cwd
	return before(ftpwire.NewReply(230, "User logged in."), expand(c, c.srv.cfg.Messages.Greeting), space), nil
}
