package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdOPTS sets options of commands (RFC 2389, 4). That of UTF8 may come before the
// login, as Windows Explorer sends it; others cannot where their verb cannot.
func cmdOPTS(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	of := ftpwire.ParseCommand(strings.TrimSpace(arg))
	if of.Verb == "UTF8" {
		return optsUTF8(c, strings.TrimSpace(of.Arg))
	}
	row, known := c.srv.table.find(of.Verb)
	switch {
	case !c.sess.loggedIn() && !row.has(beforeLogin):
		return ftpwire.Reply{}, errNotLoggedIn
	case !known || row.opts == nil:
		return ftpwire.Reply{}, errOption
	}
	return row.opts(c, strings.TrimSpace(of.Arg))
}

// optsUTF8 says in what names are written: UTF-8, or the code page of Windows in
// Western Europe, which clients take for granted that know nothing of UTF-8. Some
// clients leave the ON out.
func optsUTF8(c *conn, arg string) (ftpwire.Reply, error) {
	switch state := strings.ToUpper(arg); {
	case (state == "ON" || state == "") && !c.srv.cfg.NoUTF8:
		c.sess.ansi = false
		return ftpwire.NewReply(200, "OPTS UTF8 command successful - UTF8 encoding now ON."), nil
	case state == "OFF":
		c.sess.ansi = true
		return ftpwire.NewReply(200, "OPTS UTF8 command successful - UTF8 encoding now OFF."), nil
	}
	return ftpwire.Reply{}, errOption
}
