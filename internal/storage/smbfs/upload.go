package smbfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// upload writes to file, which is the temporary or the real one.
type upload struct {
	home            *home
	name            string
	path, temporary []string
	d               storage.Disposition
	made            bool // Append or Resume made the file
	start           int64
	release, forget func()
	progress
}

// progress is the changing part of an upload.
type progress struct {
	mu   sync.Mutex
	file *smb2.File
	at   int64
	done bool
	err  error // first failure of the storage
}

// Write adds bytes.
func (u *upload) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.write(p)
}

func (u *upload) write(p []byte) (n int, err error) {
	if u.done {
		return 0, wrap("write", u.name, fs.ErrClosed)
	}
	if u.err != nil {
		return 0, u.err
	}
	for n < len(p) && err == nil {
		part := p[n:min(n+chunk, len(p))]
		err = u.home.call(context.Background(), func(*smb2.Share) error {
			m, err := u.file.WriteAt(part, u.at)
			n, u.at = n+m, u.at+int64(m)
			return err
		})
	}
	if err != nil {
		u.err = wrap("write", u.name, err)
	}
	return n, u.err
}

// ReadFrom gathers chunks from r. What r gave before it failed has been written
// when ReadFrom returns, so that a time-out of r loses nothing.
func (u *upload) ReadFrom(r io.Reader) (total int64, err error) {
	buffer := make([]byte, chunk)
	for {
		n, readErr := readFull(r, buffer)
		u.mu.Lock()
		m, err := u.write(buffer[:n])
		u.mu.Unlock()
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
	return u.end("commit", func() error {
		err := u.err
		if err == nil && u.home.opt.SyncUploads {
			err = u.home.call(context.Background(), func(*smb2.Share) error { return u.file.Sync() })
		}
		if closed := u.home.closeFile(u.file); err == nil {
			err = closed
		}
		if err == nil {
			err = u.promote()
		}
		if err != nil && u.whole() {
			_ = u.home.remove(u.temporary)
		}
		return err
	})
}

// Abort ends the upload without success.
func (u *upload) Abort(keep bool) error {
	return u.end("abort", func() (err error) {
		if !keep && !u.whole() && !u.made {
			err = u.home.call(context.Background(), func(*smb2.Share) error { return u.file.Truncate(u.start) })
		}
		if closed := u.home.closeFile(u.file); err == nil {
			err = closed
		}
		switch {
		case keep && err == nil:
			err = u.promote()
		case u.made && !keep:
			return u.home.remove(u.path)
		}
		if u.whole() && (!keep || err != nil) {
			return errors.Join(err, u.home.remove(u.temporary))
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
	defer func() {
		u.release()
		if u.forget != nil {
			u.forget()
		}
	}()
	err := finish()
	var inner *os.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return wrap(op, u.name, err)
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
	if info, lookErr := u.home.look(ctx, u.path); err != nil && lookErr == nil && info.IsDir() {
		return winerr.AlreadyExists // a directory has taken the name
	}
	return err
}
