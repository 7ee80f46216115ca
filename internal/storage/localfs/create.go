//go:build unix

package localfs

import (
	"context"
	"errors"
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
		return nil, storage.Wrap("create", name, err)
	}
	p := &place{at: at, exclusive: d == storage.New, sync: f.opt.SyncUploads}
	opened, err := f.begin(ctx, p, storage.Start{Disposition: d, Offset: offset})
	if err != nil {
		at.close()
		return nil, storage.Wrap("create", name, err)
	}
	u := &storage.FileUpload{Name: name, File: opened, Sync: p.sync, Place: p, Life: &f.life}
	if err := f.life.Track(u); err != nil {
		_ = u.Close()
		return nil, storage.Wrap("create", name, err)
	}
	return u, nil
}

func (h *home) begin(ctx context.Context, p *place, start storage.Start) (opened *os.File, err error) {
	if p.at.isHome() {
		return nil, winerr.AccessDenied
	}
	if err := start.Check(); err != nil {
		return nil, err
	}
	whole := start.Disposition.Whole()
	if whole {
		p.temporary = storage.TemporaryName()
	}
	if p.release, err = h.opt.OpenFiles.Write(p.at.key, p.temporary, !whole); err != nil {
		return nil, err
	}
	if whole {
		opened, err = h.beginWhole(ctx, p)
	} else {
		opened, err = h.beginInPlace(ctx, p, start)
	}
	if err != nil {
		p.release()
	}
	return opened, err
}

// beginWhole opens the temporary file of an upload.
func (h *home) beginWhole(ctx context.Context, p *place) (*os.File, error) {
	const newFile = 0o666
	mode := fs.FileMode(newFile)
	old, err := p.at.dir.Lstat(p.at.base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return nil, err
	case p.exclusive:
		return nil, winerr.AlreadyExists
	default:
		// Renaming over a file asks no right to write to it; opening does.
		before, err := h.openFile(ctx, p.at, os.O_WRONLY)
		if err != nil {
			return nil, err
		}
		_ = before.Close()
		mode = old.Mode().Perm()
	}
	opened, err := p.at.dir.OpenFile(p.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err == nil && old != nil {
		inherit(opened, old)
	}
	return opened, err
}

// beginInPlace opens the file itself, or makes it, and puts the end of it where
// the first byte goes.
func (h *home) beginInPlace(ctx context.Context, p *place, start storage.Start) (*os.File, error) {
	opened, err := h.openFile(ctx, p.at, os.O_WRONLY)
	if errors.Is(err, fs.ErrNotExist) && start.Offset == 0 {
		p.made = true
		opened, err = p.at.dir.OpenFile(p.at.base, os.O_WRONLY|os.O_CREATE|os.O_EXCL|openFlags, 0o666)
	}
	if err != nil {
		return nil, err
	}
	if p.start, err = start.Seek(opened); err != nil {
		_ = opened.Close()
		return nil, err
	}
	return opened, nil
}
