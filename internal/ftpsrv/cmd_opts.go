package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdOPTS sets options of commands (RFC 2389, 4). Names are always UTF-8, so
// "UTF8 ON" only gets its yes, as Windows Explorer needs it, also before login.
func cmdOPTS(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	words := strings.Fields(arg)
	if len(words) == 2 && strings.EqualFold(words[0], "UTF8") && strings.EqualFold(words[1], "ON") {
		return ftpwire.NewReply(200, "OPTS UTF8 command successful - UTF8 encoding now ON."), nil
	}
	of := ftpwire.ParseCommand(strings.TrimSpace(arg))
	row, known := c.srv.table.find(of.Verb)
	switch {
	case !known || row.opts == nil:
		return ftpwire.Reply{}, errOption
	case !row.has(beforeLogin) && !c.sess.loggedIn():
		return ftpwire.Reply{}, errNotLoggedIn
	}
	return row.opts(c, strings.TrimSpace(of.Arg))
}
