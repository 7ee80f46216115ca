package ftpsrv

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdRANG sets the part of a file, its last octet included, that the next RETR sends
// or the next HASH sums up (draft-bryan-ftp-range-08). "RANG 1 0" takes it back, and
// so does whatever is no range. As with REST, the transfer finds out whether the file
// reaches that far.
func cmdRANG(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	c.sess.rest, c.sess.upTo = 0, 0
	if !c.sess.image || c.sess.deflate {
		return ftpwire.Reply{}, errRangeType
	}
	points := strings.Fields(arg)
	if len(points) != 2 {
		return ftpwire.Reply{}, errParameters
	}
	first, err := strconv.ParseUint(points[0], 10, 63)
	if err != nil {
		return ftpwire.Reply{}, errArgument
	}
	// The octet behind the last one must be a number, too.
	end, err := strconv.ParseUint(points[1], 10, 62)
	switch {
	case err != nil:
		return ftpwire.Reply{}, errArgument
	case first == 1 && end == 0:
		return done(350, c.cur.cmd.Verb), nil
	case first > end:
		return ftpwire.Reply{}, errArgument
	}
	c.sess.rest, c.sess.upTo = int64(first), int64(end)+1
	return ftpwire.NewReply(350, fmt.Sprintf("Restarting at %d. Ending at %d.", first, end)), nil
}
