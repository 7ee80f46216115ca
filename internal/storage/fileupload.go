package storage

import (
	"errors"
	"io"
	"os"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Whole reports whether the upload is of a whole file, which appears at Commit.
func (d Disposition) Whole() bool { return d == Replace || d == New }

// Start is where in a file an upload begins.
type Start struct {
	Disposition Disposition
	Offset      int64
}

// Check refuses an offset that cannot be: winerr.InvalidParameter.
func (s Start) Check() error {
	if s.Offset < 0 || s.Offset != 0 && s.Disposition != Resume {
		return winerr.InvalidParameter
	}
	return nil
}

// Seek moves f, which is written in place, to where the first byte goes, and
// returns that place. Resume ends the file there.
func (s Start) Seek(f *os.File) (int64, error) {
	if s.Disposition == Append {
		return f.Seek(0, io.SeekEnd)
	}
	if err := SeekTo(f, s.Offset); err != nil {
		return 0, err
	}
	return s.Offset, f.Truncate(s.Offset)
}

// Place is where a FileUpload ends: what differs between file systems.
type Place interface {
	// Promote gives the file its name and closes it. What is kept of an upload
	// that went wrong need not close without an error.
	Promote(f *os.File, kept bool) error
	// Undo leaves what was there before the upload, and closes the file.
	Undo(f *os.File) error
	// Release is called last, once.
	Release()
}

// FileUpload is an Upload into a file of this machine. It holds the upload to its
// contract about ends and failures, and its errors name no place.
type FileUpload struct {
	Name  string // as the client gave it
	File  *os.File
	Sync  bool // Commit returns after the bytes are on stable storage
	Place Place
	Life  *Lifetime // forgets the upload at its end

	end Ending
	failure
}

// failure is the first one of the storage.
type failure struct {
	mu  sync.Mutex
	err error
}

// Write adds bytes.
func (u *FileUpload) Write(p []byte) (int, error) {
	n, err := u.File.Write(p)
	return n, u.note(err)
}

// ReadFrom lets the kernel move the bytes of a TCP connection into the file.
func (u *FileUpload) ReadFrom(r io.Reader) (int64, error) {
	n, err := u.File.ReadFrom(r)
	return n, u.note(err)
}

// note remembers a failure, so that Commit cannot promise what was not written.
// A time-out comes from the reader, whose owner may go on reading.
func (u *FileUpload) note(err error) error {
	if err == nil {
		return nil
	}
	err = Wrap("write", u.Name, err)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.err == nil {
			u.err = err
		}
	}
	return err
}

func (u *FileUpload) failed() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.err
}

// Commit ends the upload with success.
func (u *FileUpload) Commit() error {
	return Wrap("commit", u.Name, u.end.Commit(func() error {
		defer u.giveBack()
		err := u.failed()
		if err == nil && u.Sync {
			err = u.File.Sync()
		}
		if err == nil {
			err = u.Place.Promote(u.File, false)
		}
		if err != nil {
			_ = u.Place.Undo(u.File)
		}
		return err
	}))
}

// Abort ends the upload without success.
func (u *FileUpload) Abort(keep bool) error {
	return Wrap("abort", u.Name, u.end.Abort(func() error {
		defer u.giveBack()
		if !keep {
			return u.Place.Undo(u.File)
		}
		err := u.Place.Promote(u.File, true)
		if err != nil {
			err = errors.Join(err, u.Place.Undo(u.File))
		}
		return err
	}))
}

// Close is what the end of the home does to an upload.
func (u *FileUpload) Close() error { return u.Abort(false) }

func (u *FileUpload) giveBack() {
	u.Place.Release()
	u.Life.Forget(u)
}
