package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMD5 tells the MD5 of a file (draft-twine-ftpmd5-00).
func cmdMD5(ctx context.Context, c *conn, arg string) (task, error) {
	part, err := quotedSpan(ctx, c, arg)
	if err != nil {
		return nil, err
	}
	return checksum(c, sumMD5, part, func(sum string, _ int64) ftpwire.Reply {
		return ftpwire.NewReply(251, arg+" "+sum)
	}), nil
}
