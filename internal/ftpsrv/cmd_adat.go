package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdADAT is not implemented (RFC 2228, 3): TLS has its own way to exchange data.
func cmdADAT(context.Context, *conn, string) (ftpwire.Reply, error) {
	return ftpwire.Reply{}, errUnimplemented
}
