package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdFEAT lists the extensions that work (RFC 2389, 3; behaviour 4.1).
func cmdFEAT(_ context.Context, c *conn, _ string) (ftpwire.Reply, error) {
	text := append([]string{"Extended features supported:"}, c.srv.table.features(&c.sess)...)
	return ftpwire.NewReply(211, append(text, "END")...), nil
}
