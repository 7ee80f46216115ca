package localfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Create begins an upload. Replace and New write under a temporary name in the
// same directory; Append and Resume write in place. A file that is replaced
// keeps its permission bits, and its owner where this process may give it.
func (f *FS) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("create", name, err)
	}
	u, err := f.begin(ctx, parts, d, offset)
	if err != nil {
		return nil, wrap("create", name, err)
	}
	u.name = name
	u.forget = func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.uploads, u)
	}
	f.mu.Lock()
	closed := f.closed
	f.uploads[u] = struct{}{}
	f.mu.Unlock()
	if closed {
		_ = u.Abort(false)
		return nil, wrap("create", name, winerr.NetNameDeleted)
	}
	return u, nil
}

func (h *home) begin(ctx context.Context, parts []string, d storage.Disposition, offset int64) (*upload, error) {
	switch {
	case len(parts) == 0:
		return nil, winerr.AccessDenied
	case offset < 0, offset != 0 && d != storage.Resume:
		return nil, winerr.InvalidParameter
	}
	if err := h.parents(parts); err != nil {
		return nil, err
	}
	key := h.key(parts)
	whole := d == storage.Replace || d == storage.New
	temporary := ""
	if whole {
		temporary = storage.TemporaryName()
	}
	release, err := h.opt.OpenFiles.Write(key, temporary)
	if err != nil {
		return nil, err
	}
	u := &upload{
		base: parts[len(parts)-1], temporary: temporary, sync: h.opt.SyncUploads,
		exclusive: d == storage.New, release: release,
	}
	if whole {
		err = h.beginWhole(ctx, u, parts)
	} else {
		err = h.beginInPlace(ctx, u, parts, target{d, offset})
	}
	if err != nil {
		if u.dir != nil {
			_ = u.dir.Close()
		}
		release()
		return nil, err
	}
	return u, nil
}

// beginWhole opens the temporary file of an upload.
func (h *home) beginWhole(ctx context.Context, u *upload, parts []string) error {
	const newFile = 0o666
	mode := fs.FileMode(newFile)
	old, err := h.root.Lstat(join(parts))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return err
	case u.exclusive:
		return winerr.AlreadyExists
	default:
		// Renaming over a file asks no right to write to it; opening does.
		before, err := h.openFile(ctx, parts, os.O_WRONLY)
		if err != nil {
			return err
		}
		_ = before.Close()
		mode = old.Mode().Perm()
	}
	if u.dir, err = h.root.OpenRoot(join(parts[:len(parts)-1])); err != nil {
		return err
	}
	if u.file, err = u.dir.OpenFile(u.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode); err != nil {
		return err
	}
	if old != nil {
		inherit(u.file, old)
	}
	return nil
}

// beginInPlace opens the file itself, or makes it, and puts the end of it where
// the first byte goes.
func (h *home) beginInPlace(ctx context.Context, u *upload, parts []string, to target) error {
	opened, err := h.openFile(ctx, parts, os.O_WRONLY)
	if errors.Is(err, fs.ErrNotExist) && to.offset == 0 {
		u.made = true
		opened, err = h.root.OpenFile(join(parts), os.O_WRONLY|os.O_CREATE|os.O_EXCL|openFlags, 0o666)
	}
	if err != nil {
		return err
	}
	if u.dir, err = h.root.OpenRoot(join(parts[:len(parts)-1])); err == nil {
		u.start, err = to.place(opened)
	}
	if err != nil {
		_ = opened.Close()
		return err
	}
	u.file = opened
	return nil
}

// target is where in a file an upload begins.
type target struct {
	d      storage.Disposition
	offset int64
}

func (to target) place(opened *os.File) (int64, error) {
	if to.d == storage.Append {
		return opened.Seek(0, io.SeekEnd)
	}
	if err := seek(opened, to.offset); err != nil {
		return 0, err
	}
	return to.offset, opened.Truncate(to.offset)
}

// upload writes to file, which is the temporary or the real one.
type upload struct {
	name, base, temporary string
	dir                   *os.Root // the directory, wherever it moves
	start                 int64
	sync, exclusive, made bool
	release, forget       func()
	outcome
}

// outcome is the changing part of an upload.
type outcome struct {
	mu   sync.Mutex
	file *os.File
	done bool
	err  error // first failure of the storage
}
