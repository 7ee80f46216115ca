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
	parts, err := f.enter(ctx, name)
	if err == nil {
		err = f.parents(parts)
	}
	if err == nil && len(parts) == 0 {
		err = winerr.AlreadyExists
	}
	if err == nil {
		err = f.root.Mkdir(join(parts), 0o777)
	}
	return wrap("mkdir", name, err)
}

// Remove deletes a regular file.
func (f *FS) Remove(ctx context.Context, name string) error {
	parts, err := f.enter(ctx, name)
	if err == nil {
		err = regular(f.entry(parts))
	}
	if err == nil {
		err = f.idle(parts)
	}
	if err == nil {
		err = f.root.Remove(join(parts))
	}
	return wrap("remove", name, err)
}

// RemoveDir deletes an empty directory.
func (f *FS) RemoveDir(ctx context.Context, name string) error {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return wrap("remove", name, err)
	}
	if len(parts) == 0 {
		return wrap("remove", name, winerr.AccessDenied)
	}
	info, err := f.entry(parts)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err == nil {
		err = f.root.Remove(join(parts))
	}
	return wrap("remove", name, err)
}

// SetModTime sets the time of last change; the time of access stays.
func (f *FS) SetModTime(ctx context.Context, name string, t time.Time) error {
	parts, err := f.enter(ctx, name)
	if err == nil {
		_, err = f.entry(parts)
	}
	if err == nil {
		err = f.root.Chtimes(join(parts), time.Time{}, t)
	}
	return wrap("set time of", name, err)
}

// idle refuses what Windows refuses while a file, or one below a directory, is
// open for writing.
func (h *home) idle(parts []string) error {
	key := h.key(parts)
	_, writing := h.opt.OpenFiles.Writing(key)
	if writing || h.opt.OpenFiles.WritingBelow(key, string(filepath.Separator)) {
		return winerr.SharingViolation
	}
	return nil
}

// Rename moves a file or directory.
func (f *FS) Rename(ctx context.Context, from, to string, replace bool) error {
	if _, err := f.enter(ctx, "/"); err != nil {
		return wrap("rename", from, err)
	}
	source, target, err := storage.RenameParts(from, to)
	if err == nil {
		err = f.rename(source, target, replace)
	}
	return wrap("rename", from, err)
}

func (h *home) rename(source, target []string, replace bool) error {
	info, err := h.entry(source)
	if err != nil {
		return err
	}
	if err := h.parents(target); err != nil {
		return err
	}
	from, to := join(source), join(target)
	old, err := h.root.Lstat(to)
	switch {
	case err == nil && caseOnly(info, old, from, to):
		return h.root.Rename(from, to)
	case err == nil && (!replace || info.IsDir() || old.IsDir()):
		err = winerr.AlreadyExists
	case err == nil:
		err = h.usable(old)
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	}
	if err != nil {
		return err
	}
	if err := errors.Join(h.idle(source), h.idle(target)); err != nil {
		return err
	}
	if replace && !info.IsDir() {
		return h.root.Rename(from, to)
	}
	return renameNew(h.root, from, to)
}
