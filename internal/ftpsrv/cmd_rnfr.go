package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdRNFR names what RNTO will rename (RFC 959, 4.1.3). It must exist now.
func cmdRNFR(_ *conn, arg string) (task, error) {
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		name, err := at.target(arg)
		if err == nil {
			_, err = at.root.Stat(ctx, name)
		}
		at.from = name
		return ftpwire.NewReply(350, "Requested file action pending further information."), err
	}, nil
}
