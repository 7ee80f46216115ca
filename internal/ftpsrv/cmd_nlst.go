package ftpsrv

import (
	"context"
	"io"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// cmdNLST lists names, prefixed by the directory that the client gave (RFC 959,
// 4.1.3). Which options count is behaviour 1.1.
func cmdNLST(ctx context.Context, c *conn, arg string) (dataJob, error) {
	opts, name := listing.ParseNLST(arg)
	found, err := find(ctx, c, name)
	if err != nil {
		return dataJob{}, err
	}
	opts.All = opts.All || found.single
	n := listing.Names{
		Style: style(c), Options: opts, Dir: found.dir, Pattern: found.pattern, Now: time.Now(),
	}
	return listed(c, func(w io.Writer) error { return n.Write(w, found.all) }), nil
}
