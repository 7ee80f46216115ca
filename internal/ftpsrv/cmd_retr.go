package ftpsrv

import "context"

// cmdRETR sends a file from the restart offset on (RFC 959, 4.1.3; RFC 3659, 5.3).
// A file that is open elsewhere is refused (behaviour 1.11).
func cmdRETR(ctx context.Context, c *conn, arg string) (dataJob, error) {
	name, err := resolve(c, arg)
	if err != nil {
		return dataJob{}, err
	}
	file, err := c.sess.root.Open(ctx, name, c.sess.rest)
	if err != nil {
		return dataJob{}, err
	}
	return dataJob{send: file, finish: func(err error) error {
		// What was sent was read; that closing fails changes nothing for the client.
		_ = file.Close()
		return err
	}}, nil
}
