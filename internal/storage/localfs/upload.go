package localfs

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Write adds bytes.
func (u *upload) Write(p []byte) (int, error) {
	n, err := u.file.Write(p)
	return n, u.note(err)
}

// ReadFrom lets the kernel move the bytes of a TCP connection into the file.
func (u *upload) ReadFrom(r io.Reader) (int64, error) {
	n, err := u.file.ReadFrom(r)
	return n, u.note(err)
}

// note remembers a failure, so that Commit cannot promise what was not written.
// A time-out comes from the reader, whose owner may go on reading.
func (u *upload) note(err error) error {
	if err == nil {
		return nil
	}
	err = wrap("write", u.name, err)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.err == nil {
			u.err = err
		}
	}
	return err
}

// Commit ends the upload with success.
func (u *upload) Commit() error {
	return u.end("commit", func() error {
		err := u.err
		if err == nil && u.sync {
			err = u.file.Sync()
		}
		if closed := u.file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = u.discard()
			return err
		}
		return u.promote()
	})
}

// Abort ends the upload without success.
func (u *upload) Abort(keep bool) error {
	return u.end("abort", func() (err error) {
		if !keep && u.temporary == "" && !u.made {
			err = u.file.Truncate(u.start)
		}
		closed := u.file.Close()
		switch {
		case err != nil:
			return err
		case keep:
			err = u.promote()
		default:
			err = u.discard()
		}
		if err == nil {
			err = closed
		}
		return err
	})
}

// end runs finish once and then gives everything back.
func (u *upload) end(op string, finish func() error) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done {
		return nil
	}
	u.done = true
	defer u.forget()
	defer u.release()
	defer u.dir.Close()
	return wrap(op, u.name, finish())
}

// promote gives a whole file its name.
func (u *upload) promote() error {
	if u.temporary == "" {
		return nil
	}
	var err error
	if u.exclusive {
		err = renameNew(u.dir, u.temporary, u.base)
	} else {
		err = u.dir.Rename(u.temporary, u.base)
	}
	if errors.Is(err, fs.ErrExist) {
		err = winerr.AlreadyExists // a directory has taken the name
	}
	if err != nil {
		_ = u.discard()
		return err
	}
	if u.sync {
		return syncDir(u.dir)
	}
	return nil
}

// discard deletes what this upload has made.
func (u *upload) discard() error {
	switch {
	case u.temporary != "":
		return u.dir.Remove(u.temporary)
	case u.made:
		return u.dir.Remove(u.base)
	}
	return nil
}
