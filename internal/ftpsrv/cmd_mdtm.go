package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMDTM tells when a file was last changed, in UTC (RFC 3659, 3). Clients older
// than MFMT set the time by giving it before the name; a file that is called so
// means itself. With compatibility iis all of the argument is a name.
func cmdMDTM(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	info, err := statFile(ctx, c, arg)
	if err == nil {
		return ftpwire.NewReply(213, info.ModTime().UTC().Format(timeForm)), nil
	}
	stamp, file, found := strings.Cut(arg, " ")
	when, noTime := parseTime(stamp)
	switch {
	case !found || noTime != nil || c.srv.cfg.IIS:
		return ftpwire.Reply{}, err
	case !c.sess.may(writes):
		return ftpwire.Reply{}, errUnauthorized
	}
	return touch(ctx, c, when, file)
}
