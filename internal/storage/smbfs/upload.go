package smbfs

import (
	"context"
	"errors"
	"io"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// upload writes to a file, which is the temporary or the real one.
type upload struct {
	arriving        // guarded by end, but for what it lends
	life            *storage.Lifetime
	name            string
	path, temporary []string
	d               storage.Disposition
	made            bool  // Append or Resume made the file
	start           int64 // place of the first octet
	release         func()
	end             storage.Ending
}

// writeTo has the upload write to file. In place, one request is under way at a
// time: a connection that breaks then cannot leave a hole, which a client that
// resumes at the end of the file would never fill. Nobody sees the holes of a
// temporary file.
func (u *upload) writeTo(file *smb2.File) {
	u.file = file
	if u.whole() {
		depth := deepest
		if u.home.link.protection() == unsigned {
			depth = deepestDirect
		}
		u.behind = newWriteBehind(u.request, u.start, u.home.window(depth))
		return
	}
	u.behind = newWriteBehind(u.request, u.start, u.home.window(1))
}

// Write takes bytes. Its error may be about those of an earlier call.
func (u *upload) Write(p []byte) (n int, err error) {
	err = u.end.Use(func() error {
		n, err = u.behind.Write(p)
		return err
	})
	return n, wrap("write", u.name, err)
}

// ReadFrom takes what r gives. What that was before r failed has been taken when
// ReadFrom returns, so that a time-out of r loses nothing.
func (u *upload) ReadFrom(r io.Reader) (total int64, err error) {
	for {
		var hand []byte
		err := u.end.Use(func() (err error) {
			hand, err = u.behind.lend()
			return err
		})
		if err != nil {
			return total, wrap("write", u.name, err)
		}
		// Not inside of Use: a client may be silent for long, and the end of the
		// home does not wait for it.
		n, readErr := r.Read(hand[len(hand):cap(hand)])
		if err := u.end.Use(func() error { return u.behind.giveBack(hand[:len(hand)+n]) }); err != nil {
			return total, wrap("write", u.name, err)
		}
		total += int64(n)
		switch {
		case errors.Is(readErr, io.EOF):
			return total, nil
		case readErr != nil:
			return total, readErr
		}
	}
}

// Flush returns when the server has taken every byte so far, or with the first
// error.
func (u *upload) Flush() error {
	return wrap("write", u.name, u.end.Use(func() error {
		_, err := u.behind.flush()
		return err
	}))
}

// Commit ends the upload with success.
func (u *upload) Commit() error {
	return wrap("commit", u.name, u.end.Commit(func() error {
		defer u.giveBack()
		_, err := u.behind.flush()
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
		err := u.trim()
		if closing := u.home.closeFile(u.file); err == nil {
			err = closing
		}
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
	u.behind.drop()
	var cut error
	if !u.whole() && !u.made {
		cut = u.cut(u.start)
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
