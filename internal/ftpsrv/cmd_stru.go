package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdSTRU sets the file structure (RFC 959, 3.1.2): File, or Record, which RFC 1123,
// 4.1.2.13 wants and mainframes use.
func cmdSTRU(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	switch letter := strings.ToUpper(strings.TrimSpace(arg)); letter {
	case "F", "R":
		c.sess.records = letter == "R"
	case "P":
		return ftpwire.Reply{}, errNotForThat
	default:
		return ftpwire.Reply{}, errArgument
	}
	return done(200, c.cur.cmd.Verb), nil
}
