package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdPROT sets the protection level of data connections: C, clear, or P, private
// (RFC 4217, 9). What dataChannelPolicy forbids is refused here already.
func cmdPROT(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	level, policy := strings.ToUpper(strings.TrimSpace(arg)), c.srv.cfg.DataPolicy
	switch {
	case c.sess.tls == nil || !c.sess.pbsz:
		return ftpwire.Reply{}, errSequence
	case level == "S" || level == "E":
		return ftpwire.Reply{}, errProtLevel
	case level != "C" && level != "P":
		return ftpwire.Reply{}, errNotForThat
	case level == "C" && policy == ftptls.Require:
		return ftpwire.Reply{}, errDataNeedsTLS
	case level == "P" && policy == ftptls.Deny:
		return ftpwire.Reply{}, errDataDeniesTLS
	}
	c.sess.prot = level == "P"
	return done(200, c.cur.cmd.Verb), nil
}
