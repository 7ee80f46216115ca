package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdOPTS sets options of commands (RFC 2389, 4). Names are always UTF-8, so
// "UTF8 ON" only gets its yes, as Windows Explorer needs it, also before login.
func cmdOPTS(_ context.Context, _ *conn, arg string) (ftpwire.Reply, error) {
	words := strings.Fields(arg)
	if len(words) == 2 && strings.EqualFold(words[0], "UTF8") && strings.EqualFold(words[1], "ON") {
		return ftpwire.NewReply(200, "OPTS UTF8 command successful - UTF8 encoding now ON."), nil
	}
	return ftpwire.Reply{}, errOption
}
