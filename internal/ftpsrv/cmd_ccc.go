package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdCCC ends TLS on the control connection after the login (RFC 2228, 3; RFC 4217,
// 12.3); data connections keep their protection level. It is offered with
// compatibility iis only, and not where the policy wants TLS for all commands.
func cmdCCC(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	switch {
	case c.sess.tls == nil || c.sess.cleared:
		return ftpwire.Reply{}, errCannotClear
	case c.srv.cfg.ControlPolicy == ftptls.Require:
		return ftpwire.Reply{}, errControlNeedsTLS
	case c.wire.Pending():
		c.conduct.over = true
		return ftpwire.Reply{}, errSequence
	}
	c.conduct.change = unsecure
	return done(200, c.cur.cmd.Verb), nil
}
