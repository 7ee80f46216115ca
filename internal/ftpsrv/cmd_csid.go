package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdCSID takes the client's name as pairs and gives the server's
// (draft-peterson-streamlined-ftp-command-extensions-10, 2.3). Neither version nor
// system is told: a client that is unlike others learns nothing by them, an attacker
// does. suppressDefaultBanner takes back the name, too.
func cmdCSID(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	if !strings.Contains(arg, "=") {
		return ftpwire.Reply{}, errArgument
	}
	name := "Name=ftpisoctl; "
	if c.srv.cfg.Messages.SuppressDefaultBanner {
		name = ""
	}
	return ftpwire.NewReply(200, name+"DirSep=/;"), nil
}
