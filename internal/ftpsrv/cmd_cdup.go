package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdCDUP changes to the directory above (RFC 959, 4.1.1); above the home is the
// home. XCUP is the same.
func cmdCDUP(ctx context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	return cmdCWD(ctx, c, "..")
}
