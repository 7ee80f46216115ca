package ftpsrv

import (
	"context"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdRETR sends a file from the restart offset on, or the part that RANG named (RFC
// 959, 4.1.3; RFC 3659, 5.3).
// A file that is open elsewhere is refused (behaviour 1.11).
func cmdRETR(ctx context.Context, c *conn, arg string) (dataJob, error) {
	name, err := resolve(c, arg)
	if err != nil {
		return dataJob{}, err
	}
	offset, end, shape := c.sess.rest, c.sess.upTo, shapeOf(c)
	if end > 0 && (shape.coded() || shape.deflate != nil) {
		return dataJob{}, errArgument
	}
	if shape.coded() && offset > 0 {
		if err := withinCoded(ctx, c, name, offset); err != nil {
			return dataJob{}, err
		}
		offset = 0 // the file is read from its begin, see shape.skip
	}
	file, err := c.sess.root.Open(ctx, name, offset)
	if err != nil {
		return dataJob{}, err
	}
	var send io.Reader = file
	if end > 0 {
		send = io.LimitReader(file, end-offset)
	}
	return dataJob{send: send, finish: func(err error) error {
		// What was sent was read; that closing fails changes nothing for the client.
		_ = file.Close()
		return err
	}}, nil
}

// withinCoded refuses offsets that no file of the size reaches in TYPE A or STRU R,
// in which octets are doubled at most. Whether this one does, the transfer finds out.
func withinCoded(ctx context.Context, c *conn, name string, offset int64) error {
	info, err := c.sess.root.Stat(ctx, name)
	if err == nil && !info.IsDir() && offset/2 > info.Size()+1 {
		err = winerr.HandleEOF
	}
	return err
}
