package ftpsrv

import (
	"context"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdPBSZ agrees on a buffer size, which TLS does not need: any number is taken for
// 0 (RFC 4217, 8). PROT wants it before.
func cmdPBSZ(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	if c.sess.tls == nil {
		return ftpwire.Reply{}, errSequence
	}
	size, err := strconv.ParseUint(strings.TrimSpace(arg), 10, 32)
	if err != nil {
		return ftpwire.Reply{}, errArgument
	}
	c.sess.pbsz = true
	if size != 0 {
		return ftpwire.NewReply(200, "PBSZ=0"), nil
	}
	return done(200, c.cur.cmd.Verb), nil
}
