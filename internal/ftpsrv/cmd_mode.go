package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMODE sets the transfer mode (RFC 959, 3.4), of which only Stream is known;
// Z is the deflate mode that some clients ask for.
func cmdMODE(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	return onlyDefault(c, arg, "S", "BCZ")
}
