package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdREIN ends the login and forgets what was agreed on, but for TLS and the
// protection of data connections, which no clear text may take back (RFC 959, 4.1.1;
// RFC 4217, 12). It comes after a transfer that is running, as the RFC wants it.
func cmdREIN(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	logout(c)
	anew := negotiate(c.srv.cfg)
	anew.tls, anew.cleared, anew.pbsz, anew.prot = c.sess.tls, c.sess.cleared, c.sess.pbsz, c.sess.prot
	c.sess.negotiated = anew
	c.log.row.Host = ""
	return ftpwire.NewReply(220, "Service ready for new user."), nil
}
