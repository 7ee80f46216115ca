package ftpsrv

import "github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"

// cmdEPRT names the client's address and port for the next data connection (RFC
// 2428, 2).
func cmdEPRT(c *conn, arg string) (task, error) {
	addr, err := dtp.ParseEPRT(arg)
	return connect(c, addr, err)
}
