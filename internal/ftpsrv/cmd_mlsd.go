package ftpsrv

import (
	"context"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdMLSD lists a directory in lines of facts (RFC 3659, 7). Wildcards are none, and
// a file is no directory, which is a 501 there.
func cmdMLSD(ctx context.Context, c *conn, arg string) (dataJob, error) {
	name, err := resolve(c, arg)
	if err != nil {
		return dataJob{}, err
	}
	all, err := c.sess.root.List(ctx, name)
	if winerr.Of(err) == winerr.Directory {
		if info, statErr := c.sess.root.Stat(ctx, name); statErr == nil && !info.IsDir() {
			err = errNoDirectory
		}
	}
	if err != nil {
		return dataJob{}, err
	}
	m := machine(c, name)
	return listed(c, func(w io.Writer) error { return m.Write(w, all) }), nil
}
