package ftpsrv

import (
	"context"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdREST sets the offset, in octets of the file, at which the next transfer
// starts (RFC 3659, 5). Whether the file reaches that far is the transfer's to say.
func cmdREST(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	arg = strings.TrimSpace(arg)
	offset, err := strconv.ParseUint(arg, 10, 63)
	if err != nil {
		return ftpwire.Reply{}, errArgument
	}
	c.sess.rest, c.sess.upTo = int64(offset), 0
	return ftpwire.NewReply(350, "Restarting at "+strconv.FormatUint(offset, 10)+"."), nil
}
