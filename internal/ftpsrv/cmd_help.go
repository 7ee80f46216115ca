package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdHELP lists the verbs, or tells the syntax of one (RFC 959, 4.1.3; behaviour 4.3).
func cmdHELP(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	if arg = strings.TrimSpace(arg); arg != "" {
		asked := ftpwire.ParseCommand(arg)
		row, known := c.srv.table.find(asked.Verb)
		if !known {
			return ftpwire.Reply{}, errArgument
		}
		return ftpwire.NewReply(214, row.syntax(asked.Typed)), nil
	}
	text := []string{"The following commands are recognized (* ==>'s unimplemented)."}
	for _, verb := range c.srv.table.verbs() {
		text = append(text, "    "+verb)
	}
	return ftpwire.NewReply(214, append(text, "HELP command successful.")...), nil
}
