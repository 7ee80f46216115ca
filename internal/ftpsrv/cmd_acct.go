package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdACCT is told that no account beside the user is needed (RFC 959, 4.1.1). Its
// argument is a secret like that of PASS.
func cmdACCT(context.Context, *conn, string) (ftpwire.Reply, error) { return superfluous(), nil }

// superfluous is the answer to a verb that is known and has nothing to do here.
func superfluous() ftpwire.Reply {
	return ftpwire.NewReply(202, "Command not implemented, superfluous at this site.")
}
