package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdENC is not implemented (RFC 2228, 3): TLS protects the whole connection.
func cmdENC(context.Context, *conn, string) (ftpwire.Reply, error) {
	return ftpwire.Reply{}, errUnimplemented
}
