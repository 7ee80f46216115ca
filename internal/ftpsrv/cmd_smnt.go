package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdSMNT is told that there is one file system, which is mounted (RFC 959, 4.1.1).
func cmdSMNT(context.Context, *conn, string) (ftpwire.Reply, error) { return superfluous(), nil }
