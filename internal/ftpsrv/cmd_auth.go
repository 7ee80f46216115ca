package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdAUTH begins TLS on the control connection (RFC 4217, 4 and 12.1). TLS-C is
// TLS; SSL and TLS-P protect data connections, too, until PROT says otherwise. A
// login that there was ends. Whatever the client sends behind the line in clear
// text, somebody else may have put there, so that ends the session (CVE-2012-2532).
func cmdAUTH(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	protects, known := map[string]bool{"TLS": false, "TLS-C": false, "SSL": true, "TLS-P": true}[strings.ToUpper(strings.TrimSpace(arg))]
	switch {
	case !known:
		return ftpwire.Reply{}, errNotForThat
	case c.srv.cfg.TLS == nil:
		return ftpwire.Reply{}, errNoCertificate
	case c.sess.tls != nil:
		return ftpwire.Reply{}, errSequence
	case c.wire.Pending():
		c.conduct.over = true
		return ftpwire.Reply{}, errSequence
	}
	logout(c)
	host := c.sess.host
	c.sess.negotiated = negotiate(c.srv.cfg)
	c.sess.prot, c.sess.host = protects, host
	c.conduct.change = secure
	return ftpwire.NewReply(234, "AUTH command ok. Expecting TLS Negotiation."), nil
}
