package ftpsrv

import (
	"context"
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// cmdSTOR stores a file, or what follows the restart offset (RFC 959, 4.1.3; RFC
// 3659, 5.3). In TYPE A and STRU R the offset could not be found in what is stored.
func cmdSTOR(ctx context.Context, c *conn, arg string) (dataJob, error) {
	switch {
	case c.sess.upTo > 0: // RANG: what lies behind the part would have to stay
	case c.sess.rest == 0:
		return upload(ctx, c, arg, storage.Replace)
	case !shapeOf(c).coded():
		return upload(ctx, c, arg, storage.Resume)
	}
	return dataJob{}, errArgument
}

// upload is what STOR and APPE have in common.
func upload(ctx context.Context, c *conn, arg string, d storage.Disposition) (dataJob, error) {
	name, err := target(c, arg)
	if err != nil {
		return dataJob{}, err
	}
	file, err := c.sess.root.Create(ctx, name, d, c.sess.rest)
	if err != nil {
		return dataJob{}, err
	}
	return receiving(c, file), nil
}

// receiving is the job of an upload. Only a data connection that ended cleanly
// promotes a file. What a broken one leaves is keepPartialUploads' to say, but where
// no octet could have come, what was there before stays.
func receiving(c *conn, file storage.Upload) dataJob {
	keep := c.srv.cfg.Files.KeepPartialUploads
	return dataJob{recv: file, finish: func(err error) error {
		if err == nil {
			return file.Commit()
		}
		var f *fault
		opened := !errors.As(err, &f) || f.stage == moving
		return errors.Join(err, file.Abort(keep && opened))
	}}
}
