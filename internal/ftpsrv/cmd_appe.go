package ftpsrv

import (
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// cmdAPPE adds to a file, which is made if it is absent (RFC 959, 4.1.3). Together
// with a restart offset it has no meaning.
func cmdAPPE(c *conn, arg string) (opener, error) {
	if c.sess.rest > 0 || c.sess.upTo > 0 {
		return nil, errArgument
	}
	return upload(c, arg, storage.Append), nil
}
