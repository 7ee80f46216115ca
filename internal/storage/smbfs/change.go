package smbfs

import (
	"context"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Mkdir makes one directory.
func (f *FS) Mkdir(ctx context.Context, name string) error {
	path, err := f.enter(ctx, name)
	if err == nil && f.isHome(path) {
		err = winerr.AlreadyExists
	}
	if err == nil {
		err = f.parents(ctx, path)
	}
	if err == nil {
		err = f.call(ctx, func(share *smb2.Share) error { return share.Mkdir(join(path), writable) })
	}
	return wrap("mkdir", name, err)
}

// Remove deletes a file. What is marked read-only is winerr.AccessDenied, as on
// Windows.
func (f *FS) Remove(ctx context.Context, name string) error {
	path, err := f.enter(ctx, name)
	if err != nil {
		return wrap("remove", name, err)
	}
	info, err := f.file(ctx, path)
	return wrap("remove", name, f.unlink(ctx, path, info, err))
}

// RemoveDir deletes an empty directory.
func (f *FS) RemoveDir(ctx context.Context, name string) error {
	path, err := f.enter(ctx, name)
	if err == nil && f.isHome(path) {
		err = winerr.AccessDenied
	}
	if err != nil {
		return wrap("remove", name, err)
	}
	info, err := f.entry(ctx, path)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	return wrap("remove", name, f.unlink(ctx, path, info, err))
}

// unlink deletes an entry that err, if it is nil, allows to delete.
func (h *home) unlink(ctx context.Context, path []string, info *smb2.FileStat, err error) error {
	if err == nil && info.Mode()&ownerWrites == 0 {
		err = winerr.AccessDenied // the library would take the mark away and go on
	}
	if err == nil {
		err = h.idle(path)
	}
	if err == nil {
		err = h.call(ctx, func(share *smb2.Share) error { return share.Remove(join(path)) })
	}
	return err
}

// idle refuses what Windows refuses while a file, or one below a directory, is
// open for writing.
func (h *home) idle(path []string) error { return h.opt.OpenFiles.Idle(h.key(path), `\`) }
