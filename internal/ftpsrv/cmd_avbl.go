package ftpsrv

import (
	"context"
	"strconv"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdAVBL tells the octets that an upload may have
// (draft-peterson-streamlined-ftp-command-extensions-10, 4). A home is one volume, so
// they are those of any directory in it.
func cmdAVBL(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	name, err := resolve(c, arg)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	info, err := c.sess.root.Stat(ctx, name)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		return ftpwire.Reply{}, err
	}
	space, err := c.sess.root.Statfs(ctx)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return ftpwire.NewReply(213, strconv.FormatUint(space.Free, 10)), nil
}
