package smbfs

import (
	"context"
	"errors"
	"io"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// upload writes to file, which is the temporary or the real one.
type upload struct {
	home            *home
	life            *storage.Lifetime
	name            string
	path, temporary []string
	d               storage.Disposition
	made            bool // Append or Resume made the file
	start           int64
	release         func()
	file            *smb2.File
	end             storage.Ending
	progress
}

// progress is the changing part of an upload. All but the buffer, which belongs
// to ReadFrom, is guarded by end.
type progress struct {
	at     int64
	err    error // first failure of the storage
	buffer []byte
}

// Write adds bytes.
func (u *upload) Write(p []byte) (n int, err error) {
	err = u.end.Use(func() error {
		if u.err != nil {
			return u.err
		}
		for n < len(p) && u.err == nil {
			part := p[n:min(n+chunk, len(p))]
			u.err = u.home.call(context.Background(), func(*smb2.Share) error {
				m, err := u.file.WriteAt(part, u.at)
				n, u.at = n+m, u.at+int64(m)
				return err
			})
		}
		return u.err
	})
	return n, wrap("write", u.name, err)
}

// ReadFrom gathers chunks from r. What r gave before it failed has been written
// when ReadFrom returns, so that a time-out of r loses nothing.
func (u *upload) ReadFrom(r io.Reader) (total int64, err error) {
	if u.buffer == nil {
		u.buffer = make([]byte, chunk)
	}
	for {
		n, readErr := readFull(r, u.buffer)
		m, err := u.Write(u.buffer[:n])
		total += int64(m)
		switch {
		case err != nil:
			return total, err
		case errors.Is(readErr, io.EOF):
			return total, nil
		case readErr != nil:
			return total, readErr
		}
	}
}

// readFull reads until the buffer is full or r says why not.
func readFull(r io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var m int
		m, err = r.Read(buffer[n:])
		n += m
	}
	return n, err
}

// Commit ends the upload with success.
func (u *upload) Commit() error {
	return wrap("commit", u.name, u.end.Commit(func() error {
		defer u.giveBack()
		err := u.err
		if err == nil && u.home.opt.SyncUploads {
			err = u.home.call(context.Background(), func(*smb2.Share) error { return u.file.Sync() })
		}
		if err != nil {
			_ = u.undo()
			return err
		}
		err = u.home.closeFile(u.file)
		if err == nil {
			err = u.promote()
		}
		if err != nil {
			_ = u.discard()
		}
		return err
	}))
}

// Abort ends the upload without success.
func (u *upload) Abort(keep bool) error {
	return wrap("abort", u.name, u.end.Abort(func() error {
		defer u.giveBack()
		if !keep {
			return u.undo()
		}
		err := u.home.closeFile(u.file)
		if err == nil {
			err = u.promote()
		}
		if err != nil && u.whole() {
			return errors.Join(err, u.discard())
		}
		return err
	}))
}

// Close is what the end of the home does to an upload.
func (u *upload) Close() error { return u.Abort(false) }

func (u *upload) giveBack() {
	u.release()
	u.life.Forget(u)
}

// undo leaves what was there before.
func (u *upload) undo() error {
	var cut error
	if !u.whole() && !u.made {
		cut = u.home.call(context.Background(), func(*smb2.Share) error { return u.file.Truncate(u.start) })
	}
	return errors.Join(cut, u.home.closeFile(u.file), u.discard())
}

// promote gives a whole file its name.
func (u *upload) promote() error {
	if !u.whole() {
		return nil
	}
	ctx := context.Background()
	if u.d == storage.New {
		return u.home.renameNew(ctx, u.temporary, u.path)
	}
	err := u.home.renamePatiently(ctx, u.temporary, u.path)
	if err == nil {
		return nil
	}
	if info, lookErr := u.home.look(ctx, u.path); lookErr == nil && info.IsDir() {
		return winerr.AlreadyExists // a directory has taken the name
	}
	return err
}

// discard deletes what this upload has made.
func (u *upload) discard() error {
	switch {
	case u.whole():
		return u.home.remove(u.temporary)
	case u.made:
		return u.home.remove(u.path)
	}
	return nil
}
