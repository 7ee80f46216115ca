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
func cmdSIZE(c *conn, arg string) (task, error) {
	records, image, desk := c.sess.records, c.sess.image, c.srv.desk
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		info, err := at.file(ctx, arg)
		switch {
		case err != nil:
			return ftpwire.Reply{}, err
		case records:
			return ftpwire.Reply{}, errNotForThat
		case image:
			return size(info.Size()), nil
		case info.Size() > maxTextSize:
			return ftpwire.Reply{}, errTextSize
		}
		var count coding.Count
		_, err = desk.read(ctx, at.root, span{name: at.path, length: maxTextSize}, &count)
		return size(count.Octets), err
	}, nil
}

func size(octets int64) ftpwire.Reply { return ftpwire.NewReply(213, strconv.FormatInt(octets, 10)) }
