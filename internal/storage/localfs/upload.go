package localfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// upload writes to file, which is the temporary or the real one.
type upload struct {
	life                  *storage.Lifetime
	at                    spot // its directory stays the upload's, wherever it moves
	name, temporary       string
	start                 int64
	sync, exclusive, made bool
	release               func()
	file                  *os.File
	end                   storage.Ending
	failure
}

// failure is the first one of the storage.
type failure struct {
	mu  sync.Mutex
	err error
}

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

func (u *upload) failed() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.err
}

// Commit ends the upload with success.
func (u *upload) Commit() error {
	return wrap("commit", u.name, u.end.Commit(func() error {
		defer u.giveBack()
		err := u.failed()
		if err == nil && u.sync {
			err = u.file.Sync()
		}
		if err == nil {
			err = u.file.Close()
		}
		if err == nil {
			err = u.promote()
		}
		if err != nil {
			_ = u.undo()
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
		closed := u.file.Close()
		if err := u.promote(); err != nil {
			return errors.Join(err, u.discard())
		}
		return closed
	}))
}

// Close is what the end of the home does to an upload.
func (u *upload) Close() error { return u.Abort(false) }

func (u *upload) giveBack() {
	u.at.close()
	u.release()
	u.life.Forget(u)
}

// undo leaves what was there before.
func (u *upload) undo() error {
	var cut error
	if u.temporary == "" && !u.made {
		cut = u.file.Truncate(u.start)
	}
	return errors.Join(cut, u.file.Close(), u.discard())
}

// promote gives a whole file its name.
func (u *upload) promote() error {
	var err error
	switch {
	case u.temporary == "":
	case u.exclusive:
		err = renameNew(u.at.dir, u.temporary, u.at.base)
	default:
		err = u.at.dir.Rename(u.temporary, u.at.base)
	}
	if errors.Is(err, fs.ErrExist) {
		err = winerr.AlreadyExists // a directory has taken the name
	}
	if err == nil && u.sync && (u.made || u.temporary != "") {
		return syncDir(u.at.dir)
	}
	return err
}

// discard deletes what this upload has made.
func (u *upload) discard() error {
	switch {
	case u.temporary != "":
		return u.at.dir.Remove(u.temporary)
	case u.made:
		return u.at.dir.Remove(u.at.base)
	}
	return nil
}
