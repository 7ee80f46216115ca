package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdSTRU sets the file structure (RFC 959, 3.1.2), of which only File is known.
func cmdSTRU(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	return onlyDefault(c, arg, "F", "RP")
}

// onlyDefault accepts one value of a transfer parameter, refuses the others that
// RFC 959 knows with 504 and the rest with 501.
func onlyDefault(c *conn, arg, value, others string) (ftpwire.Reply, error) {
	switch letter := strings.ToUpper(strings.TrimSpace(arg)); {
	case letter == value:
		return done(200, c.cur.cmd.Verb), nil
	case len(letter) == 1 && strings.Contains(others, letter):
		return ftpwire.Reply{}, errNotForThat
	}
	return ftpwire.Reply{}, errArgument
}
