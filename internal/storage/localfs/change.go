//go:build unix

package localfs

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Mkdir makes one directory.
func (f *FS) Mkdir(ctx context.Context, name string) error {
	at, err := f.enter(ctx, name)
	if err != nil {
		return storage.Wrap("mkdir", name, err)
	}
	defer at.close()
	if at.isHome() {
		return storage.Wrap("mkdir", name, winerr.AlreadyExists)
	}
	return storage.Wrap("mkdir", name, at.dir.Mkdir(at.base, 0o777))
}

// Remove deletes a regular file.
func (f *FS) Remove(ctx context.Context, name string) error {
	return remove(ctx, f, name, func(info fs.FileInfo) error { return regular(info, nil) })
}

// RemoveDir deletes an empty directory.
func (f *FS) RemoveDir(ctx context.Context, name string) error {
	return remove(ctx, f, name, func(info fs.FileInfo) error {
		if !info.IsDir() {
			return winerr.Directory
		}
		return nil
	})
}

// remove deletes what check allows.
func remove(ctx context.Context, f *FS, name string, check func(fs.FileInfo) error) error {
	at, err := f.enter(ctx, name)
	if err != nil {
		return storage.Wrap("remove", name, err)
	}
	defer at.close()
	info, err := f.entry(at)
	switch {
	case err == nil && at.isHome():
		err = winerr.AccessDenied
	case err == nil:
		err = check(info)
	}
	if err == nil {
		err = f.idle(at)
	}
	if err == nil {
		err = at.dir.Remove(at.base)
	}
	return storage.Wrap("remove", name, err)
}

// SetModTime sets the time of last change; the time of access stays.
func (f *FS) SetModTime(ctx context.Context, name string, t time.Time) error {
	at, err := f.enter(ctx, name)
	if err != nil {
		return storage.Wrap("set time of", name, err)
	}
	defer at.close()
	if _, err = f.entry(at); err == nil {
		err = at.dir.Chtimes(at.base, time.Time{}, t)
	}
	return storage.Wrap("set time of", name, err)
}

// idle refuses what Windows refuses while a file, or one below a directory, is
// open for writing.
func (h *home) idle(at spot) error {
	return h.opt.OpenFiles.Idle(at.key, string(filepath.Separator))
}

// Rename moves a file or directory.
func (f *FS) Rename(ctx context.Context, from, to string, replace bool) error {
	return storage.Wrap("rename", from, f.rename(ctx, from, to, replace))
}

func (f *FS) rename(ctx context.Context, from, to string, replace bool) error {
	source, err := f.enter(ctx, from)
	if err != nil {
		return err
	}
	defer source.close()
	if _, _, err := storage.RenameParts(from, to); err != nil {
		return err
	}
	info, err := f.entry(source)
	if err != nil {
		return err
	}
	target, err := f.enter(ctx, to)
	if err != nil {
		return err
	}
	defer target.close()
	old, err := target.dir.Lstat(target.base)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = nil, nil
	}
	if err != nil {
		return err
	}
	over, err := storage.Renaming{From: from, To: to, Replace: replace}.Over(info, old)
	if err == nil && old != nil {
		err = f.usable(old)
	}
	if err == nil {
		err = errors.Join(f.idle(source), f.idle(target))
	}
	if err != nil {
		return err
	}
	if over {
		return f.root.Rename(from[1:], to[1:])
	}
	return renameNew(f.root, from[1:], to[1:])
}
