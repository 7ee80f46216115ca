package ftpsrv

import (
	"context"
	"io"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// cmdLIST lists a directory, the files that match a pattern, or one file (RFC 959, 4.1.3).
func cmdLIST(c *conn, arg string) (opener, error) {
	open := lists(c, arg)
	encode, tellsSpace := encoding(c), c.srv.cfg.AvailableBytes
	return func(ctx context.Context, at *place) (dataJob, error) {
		write, _, err := open(ctx, at)
		job := dataJob{list: func(w io.Writer) error { return write(encode(w)) }}
		if root := at.root; tellsSpace {
			job.word = func() string { return available(ctx, root) }
		}
		return job, err
	}, nil
}

// lists opens what LIST and STAT write, and tells whether it is one file.
func lists(c *conn, arg string) func(ctx context.Context, at *place) (write func(io.Writer) error, single bool, err error) {
	opts, name := listing.ParseLIST(arg)
	l := listing.List{Style: style(c), Options: opts}
	return func(ctx context.Context, at *place) (func(io.Writer) error, bool, error) {
		found, err := at.find(ctx, name)
		l.Options.All = l.Options.All || found.single
		l.Pattern, l.Now = found.pattern, time.Now()
		return func(w io.Writer) error { return l.Write(w, found.all) }, found.single, err
	}
}

// style is that of the session's long lines.
func style(c *conn) listing.Style {
	s := c.srv.cfg.Listing
	s.Unix = s.Unix != c.sess.turned
	return s
}

// encoding puts the session's character set on a listing.
func encoding(c *conn) func(io.Writer) io.Writer {
	if c.sess.ansi {
		return func(w io.Writer) io.Writer { return &ansiWriter{w: w} }
	}
	return func(w io.Writer) io.Writer { return w }
}
