package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdSYST names the system whose listings are spoken (RFC 959, 4.1.3), whatever
// the server runs on.
func cmdSYST(context.Context, *conn, string) (ftpwire.Reply, error) {
	return ftpwire.NewReply(215, "Windows_NT"), nil
}
