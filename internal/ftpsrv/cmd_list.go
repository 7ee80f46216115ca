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
	l := listing.List{Style: style(c), Options: opts, Pattern: found.pattern, Now: time.Now()}
	job := listed(c, func(w io.Writer) error { return l.Write(w, found.all) })
	if root := c.sess.root; c.srv.cfg.AvailableBytes {
		job.word = func() string { return available(ctx, root) }
	}
	return job, nil
}

// style is that of the session's long lines.
func style(c *conn) listing.Style {
	s := c.srv.cfg.Listing
	s.Unix = s.Unix != c.sess.turned
	return s
}

// listed is a listing in the session's character set.
func listed(c *conn, write func(io.Writer) error) dataJob {
	if !c.sess.ansi {
		return dataJob{list: write}
	}
	return dataJob{list: func(w io.Writer) error { return write(&ansiWriter{w: w}) }}
}
