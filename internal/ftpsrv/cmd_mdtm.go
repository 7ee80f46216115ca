package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMDTM tells when a file was last changed, in UTC (RFC 3659, 3). Clients older
// than MFMT set the time by giving it before the name; a file that is called so
// means itself. With compatibility iis all of the argument is a name.
func cmdMDTM(c *conn, arg string) (task, error) {
	stamp, file, found := strings.Cut(arg, " ")
	when, noTime := parseTime(stamp)
	sets := found && noTime == nil && !c.srv.cfg.IIS
	may := c.sess.may(writes)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		info, err := at.file(ctx, arg)
		switch {
		case err == nil:
			return ftpwire.NewReply(213, info.ModTime().UTC().Format(timeForm)), nil
		case !sets:
			return ftpwire.Reply{}, err
		case !may:
			return ftpwire.Reply{}, errUnauthorized
		}
		return at.touch(ctx, when, file)
	}, nil
}
