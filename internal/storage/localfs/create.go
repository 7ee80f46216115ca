package localfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Create begins an upload. Replace and New write under a temporary name in the
// same directory; Append and Resume write in place. A file that is replaced
// keeps its permission bits, and its owner where this process may give it.
func (f *FS) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("create", name, err)
	}
	u := &upload{life: &f.life, at: at, name: name, sync: f.opt.SyncUploads, exclusive: d == storage.New}
	if err := f.begin(ctx, u, target{d, offset}); err != nil {
		at.close()
		return nil, wrap("create", name, err)
	}
	if err := f.life.Track(u); err != nil {
		_ = u.Close()
		return nil, wrap("create", name, err)
	}
	return u, nil
}

// target is where in a file an upload begins.
type target struct {
	d      storage.Disposition
	offset int64
}

func (to target) whole() bool { return to.d == storage.Replace || to.d == storage.New }

func (h *home) begin(ctx context.Context, u *upload, to target) error {
	switch {
	case u.at.isHome():
		return winerr.AccessDenied
	case to.offset < 0, to.offset != 0 && to.d != storage.Resume:
		return winerr.InvalidParameter
	}
	if to.whole() {
		u.temporary = storage.TemporaryName()
	}
	release, err := h.opt.OpenFiles.Write(u.at.key, u.temporary, !to.whole())
	if err != nil {
		return err
	}
	if to.whole() {
		err = h.beginWhole(ctx, u)
	} else {
		err = h.beginInPlace(ctx, u, to)
	}
	if err != nil {
		release()
		return err
	}
	u.release = release
	return nil
}

// beginWhole opens the temporary file of an upload.
func (h *home) beginWhole(ctx context.Context, u *upload) error {
	const newFile = 0o666
	mode := fs.FileMode(newFile)
	old, err := u.at.dir.Lstat(u.at.base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return err
	case u.exclusive:
		return winerr.AlreadyExists
	default:
		// Renaming over a file asks no right to write to it; opening does.
		before, err := h.openFile(ctx, u.at, os.O_WRONLY)
		if err != nil {
			return err
		}
		_ = before.Close()
		mode = old.Mode().Perm()
	}
	if u.file, err = u.at.dir.OpenFile(u.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode); err != nil {
		return err
	}
	if old != nil {
		inherit(u.file, old)
	}
	return nil
}

// beginInPlace opens the file itself, or makes it, and puts the end of it where
// the first byte goes.
func (h *home) beginInPlace(ctx context.Context, u *upload, to target) error {
	opened, err := h.openFile(ctx, u.at, os.O_WRONLY)
	if errors.Is(err, fs.ErrNotExist) && to.offset == 0 {
		u.made = true
		opened, err = u.at.dir.OpenFile(u.at.base, os.O_WRONLY|os.O_CREATE|os.O_EXCL|openFlags, 0o666)
	}
	if err != nil {
		return err
	}
	if u.start, err = to.place(opened); err != nil {
		_ = opened.Close()
		return err
	}
	u.file = opened
	return nil
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
