package ftpsrv

import (
	"context"
	"io"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// cmdLIST lists a directory, the files that match a pattern, or one file (RFC 959, 4.1.3).
func cmdLIST(ctx context.Context, c *conn, arg string) (dataJob, error) {
	opts, name := listing.ParseLIST(arg)
	found, err := find(ctx, c, name)
	if err != nil {
		return dataJob{}, err
	}
	opts.All = opts.All || found.single
	l := listing.List{Style: c.srv.cfg.Listing, Options: opts, Pattern: found.pattern, Now: time.Now()}
	return dataJob{list: func(w io.Writer) error { return l.Write(w, found.all) }}, nil
}
