package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
)

// cmdEPRT names the client's address and port for the next data connection (RFC
// 2428, 2).
func cmdEPRT(_ context.Context, c *conn, arg string) (task, error) {
	addr, err := dtp.ParseEPRT(arg)
	return connect(c, addr, err)
}
