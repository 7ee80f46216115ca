//go:build unix

package localfs

import (
	"context"
	"io/fs"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Stat describes a regular file or a directory of the home's volumes.
func (f *FS) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, storage.Wrap("stat", name, err)
	}
	defer at.close()
	info, err := f.entry(at)
	return info, storage.Wrap("stat", name, err)
}

// Lstat describes the entry itself, whatever it is.
func (f *FS) Lstat(ctx context.Context, name string) (fs.FileInfo, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, storage.Wrap("lstat", name, err)
	}
	defer at.close()
	info, err := at.dir.Lstat(at.base)
	return info, storage.Wrap("lstat", name, err)
}

// Statfs tells the space that this process may use on the home's volume.
func (f *FS) Statfs(ctx context.Context) (storage.Space, error) {
	at, err := f.enter(ctx, "/")
	if err != nil {
		return storage.Space{}, storage.Wrap("statfs", "/", err)
	}
	defer at.close()
	dir, err := at.dir.Open(".")
	if err != nil {
		return storage.Space{}, storage.Wrap("statfs", "/", err)
	}
	defer dir.Close()
	space, err := spaceOf(dir)
	return space, storage.Wrap("statfs", "/", err)
}
