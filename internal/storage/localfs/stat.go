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
		return nil, wrap("stat", name, err)
	}
	defer at.close()
	info, err := f.entry(at)
	return info, wrap("stat", name, err)
}

// Lstat describes the entry itself, whatever it is.
func (f *FS) Lstat(ctx context.Context, name string) (fs.FileInfo, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("lstat", name, err)
	}
	defer at.close()
	info, err := at.dir.Lstat(at.base)
	return info, wrap("lstat", name, err)
}

// Statfs tells the space that this process may use on the home's volume.
func (f *FS) Statfs(ctx context.Context) (storage.Space, error) {
	at, err := f.enter(ctx, "/")
	if err != nil {
		return storage.Space{}, wrap("statfs", "/", err)
	}
	defer at.close()
	dir, err := at.dir.Open(".")
	if err != nil {
		return storage.Space{}, wrap("statfs", "/", err)
	}
	defer dir.Close()
	space, err := spaceOf(dir)
	return space, wrap("statfs", "/", err)
}
