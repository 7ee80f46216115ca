package ftpsrv

import (
	"context"
	"io"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// cmdNLST lists names, prefixed by the directory that the client gave (RFC 959,
// 4.1.3). Which options count is behaviour 1.1.
func cmdNLST(c *conn, arg string) (opener, error) {
	opts, name := listing.ParseNLST(arg)
	n := listing.Names{Style: style(c), Options: opts}
	encode := encoding(c)
	return func(ctx context.Context, at *place) (dataJob, error) {
		found, err := at.find(ctx, name)
		n.Options.All = n.Options.All || found.single
		n.Dir, n.Pattern, n.Now = found.dir, found.pattern, time.Now()
		return dataJob{list: func(w io.Writer) error { return n.Write(encode(w), found.all) }}, err
	}, nil
}
