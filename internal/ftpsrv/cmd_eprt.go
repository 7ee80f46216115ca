package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdEPRT names the client's address and port for the next data connection (RFC
// 2428, 2).
func cmdEPRT(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	addr, err := dtp.ParseEPRT(arg)
	return connect(ctx, c, addr, err)
}
