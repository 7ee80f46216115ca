package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMKD makes a directory (RFC 959, 4.1.3); those above it must exist. The reply
// names it as the client did. XMKD is the same.
func cmdMKD(_ *conn, arg string) (task, error) {
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		name, err := at.target(arg)
		if err == nil {
			err = at.root.Mkdir(ctx, name)
		}
		return ftpwire.NewReply(257, quoted(arg)+" directory created."), err
	}, nil
}
