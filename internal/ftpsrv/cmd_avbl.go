package ftpsrv

import (
	"context"
	"strconv"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdAVBL tells the octets that an upload may have
// (draft-peterson-streamlined-ftp-command-extensions-10, 4). A home is one volume, so
// they are those of any directory in it.
func cmdAVBL(_ *conn, arg string) (task, error) {
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		if _, err := at.folder(ctx, arg); err != nil {
			return ftpwire.Reply{}, err
		}
		space, err := at.root.Statfs(ctx)
		return ftpwire.NewReply(213, strconv.FormatUint(space.Free, 10)), err
	}, nil
}
