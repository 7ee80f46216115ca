package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// cmdAPPE adds to a file, which is made if it is absent (RFC 959, 4.1.3). Together
// with a restart offset it has no meaning.
func cmdAPPE(ctx context.Context, c *conn, arg string) (dataJob, error) {
	if c.sess.rest > 0 || c.sess.upTo > 0 {
		return dataJob{}, errArgument
	}
	return upload(ctx, c, arg, storage.Append)
}
