package smbfs

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// homeInfo hides the name of the home's own directory.
type homeInfo struct{ fs.FileInfo }

// Name is "/".
func (homeInfo) Name() string { return "/" }

func (h *home) named(path []string, info *smb2.FileStat) fs.FileInfo {
	if h.isHome(path) {
		return homeInfo{info}
	}
	return info
}

// Stat describes a file or directory.
func (f *FS) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	path, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	info, err := f.entry(ctx, path)
	if err == nil {
		err = f.mayKnow(ctx, path)
	}
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	return f.named(path, info), nil
}

// mayKnow fails unless the login may list the directory that holds the entry, or
// read the entry itself. Samba tells the size and time of a file to whoever knows
// its name; a client shall not learn by SIZE what LIST and RETR refuse.
func (h *home) mayKnow(ctx context.Context, path []string) error {
	if h.isHome(path) {
		return nil
	}
	opened, err := h.openFile(ctx, path[:len(path)-1], readOnly)
	if errors.Is(err, fs.ErrPermission) {
		opened, err = h.openFile(ctx, path, readOnly)
	}
	if err == nil {
		_ = h.closeFile(opened)
	}
	return err
}

// Lstat describes the entry itself; a reparse point of any kind shows as a link.
func (f *FS) Lstat(ctx context.Context, name string) (fs.FileInfo, error) {
	path, err := f.enter(ctx, name)
	if err == nil {
		err = f.parents(ctx, path)
	}
	if err != nil {
		return nil, wrap("lstat", name, err)
	}
	info, err := f.look(ctx, path)
	if err != nil {
		return nil, wrap("lstat", name, err)
	}
	return f.named(path, info), nil
}

// SetModTime sets the time of last change; the time of access stays.
func (f *FS) SetModTime(ctx context.Context, name string, t time.Time) error {
	path, err := f.enter(ctx, name)
	if err != nil {
		return wrap("set time of", name, err)
	}
	// The library counts in nanoseconds of 64 bits.
	if y := t.UTC().Year(); y < 1679 || y > 2261 {
		return wrap("set time of", name, winerr.InvalidParameter)
	}
	info, err := f.entry(ctx, path)
	if err == nil {
		err = f.call(ctx, func(share *smb2.Share) error {
			return share.Chtimes(join(path), info.LastAccessTime, t)
		})
	}
	return wrap("set time of", name, err)
}

// Statfs tells the space that the login may use, quotas included.
func (f *FS) Statfs(ctx context.Context) (storage.Space, error) {
	path, err := f.enter(ctx, "/")
	if err != nil {
		return storage.Space{}, wrap("statfs", "/", err)
	}
	space, err := f.space(ctx, path)
	return storage.Space{Total: space.Total, Free: space.Available}, wrap("statfs", "/", err)
}
