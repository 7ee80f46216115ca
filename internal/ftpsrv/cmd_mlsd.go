package ftpsrv

import (
	"context"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdMLSD lists a directory in lines of facts (RFC 3659, 7). Wildcards are none, and
// a file is no directory, which is a 501 there.
func cmdMLSD(c *conn, arg string) (opener, error) {
	m, encode := machine(c), encoding(c)
	return func(ctx context.Context, at *place) (dataJob, error) {
		name, err := at.resolve(arg)
		if err != nil {
			return dataJob{}, err
		}
		all, err := at.root.List(ctx, name)
		if winerr.Of(err) == winerr.Directory {
			if info, statErr := at.root.Stat(ctx, name); statErr == nil && !info.IsDir() {
				err = errNoDirectory
			}
		}
		m.Dir = name
		return dataJob{list: func(w io.Writer) error { return m.Write(encode(w), all) }}, err
	}, nil
}
