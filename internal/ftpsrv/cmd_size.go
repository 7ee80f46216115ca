package ftpsrv

import (
	"context"
	"strconv"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/coding"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// maxTextSize is the largest file that is read to tell its size in TYPE A.
const maxTextSize = 64 << 20

// cmdSIZE tells the octets that a transfer of the file would have (RFC 3659, 4). In
// TYPE A only reading the file tells; in STRU R nothing does.
func cmdSIZE(ctx context.Context, c *conn, arg string) (task, error) {
	info, err := statFile(ctx, c, arg)
	switch {
	case err != nil:
		return nil, err
	case c.sess.records:
		return nil, errNotForThat
	case c.sess.image:
		return answered(size(info.Size())), nil
	case info.Size() > maxTextSize:
		return nil, errTextSize
	}
	part := span{name: c.cur.path, length: maxTextSize}
	return c.srv.desk.reads(c.sess.root, part, func(read reading) (ftpwire.Reply, error) {
		var count coding.Count
		_, err := read(&count)
		return size(count.Octets), err
	}), nil
}

func size(octets int64) ftpwire.Reply { return ftpwire.NewReply(213, strconv.FormatInt(octets, 10)) }
