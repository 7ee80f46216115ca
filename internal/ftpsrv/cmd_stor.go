package ftpsrv

import (
	"context"
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// cmdSTOR stores a file, or what follows the restart offset (RFC 959, 4.1.3; RFC
// 3659, 5.3). In TYPE A and STRU R the offset could not be found in what is stored.
func cmdSTOR(c *conn, arg string) (opener, error) {
	switch {
	case c.sess.upTo > 0: // RANG: what lies behind the part would have to stay
	case c.sess.rest == 0:
		return upload(c, arg, storage.Replace), nil
	case !shapeOf(c).coded():
		return upload(c, arg, storage.Resume), nil
	}
	return nil, errArgument
}

// upload is what STOR and APPE have in common.
func upload(c *conn, arg string, d storage.Disposition) opener {
	offset, keep := c.sess.rest, c.srv.cfg.Files.KeepPartialUploads
	return func(ctx context.Context, at *place) (dataJob, error) {
		name, err := at.target(arg)
		if err != nil {
			return dataJob{}, err
		}
		file, err := at.root.Create(ctx, name, d, offset)
		return receiving(file, keep), err
	}
}

// receiving is the job of an upload. Only a data connection that ended cleanly
// promotes a file. What a broken one leaves is keepPartialUploads' to say, but where
// no octet could have come, what was there before stays.
func receiving(file storage.Upload, keep bool) dataJob {
	return dataJob{recv: file, finish: func(err error) error {
		if err == nil {
			err = storage.Flush(file) // a full disk may show only now, and what has arrived may be kept
		}
		if err == nil {
			return file.Commit()
		}
		var f *fault
		opened := !errors.As(err, &f) || f.stage == moving
		return errors.Join(err, file.Abort(keep && opened))
	}}
}
