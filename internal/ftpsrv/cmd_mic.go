package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMIC is not implemented (RFC 2228, 3): TLS protects the whole connection.
func cmdMIC(context.Context, *conn, string) (ftpwire.Reply, error) {
	return ftpwire.Reply{}, errUnimplemented
}
