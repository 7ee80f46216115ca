package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMDTM tells when a file was last changed, in UTC (RFC 3659, 3).
func cmdMDTM(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	info, err := statFile(ctx, c, arg)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return ftpwire.NewReply(213, info.ModTime().UTC().Format("20060102150405")), nil
}
