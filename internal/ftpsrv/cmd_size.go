package ftpsrv

import (
	"context"
	"strconv"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdSIZE tells the octets of a file (RFC 3659, 4), which are those of a transfer
// in either type.
func cmdSIZE(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	info, err := statFile(ctx, c, arg)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return ftpwire.NewReply(213, strconv.FormatInt(info.Size(), 10)), nil
}
