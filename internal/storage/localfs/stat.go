package localfs

import (
	"context"
	"io/fs"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Stat describes a regular file or a directory of the home's device.
func (f *FS) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	info, err := f.entry(parts)
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	return info, nil
}

// Lstat describes the entry itself, whatever it is.
func (f *FS) Lstat(ctx context.Context, name string) (fs.FileInfo, error) {
	parts, err := f.enter(ctx, name)
	if err == nil {
		err = f.parents(parts)
	}
	if err != nil {
		return nil, wrap("lstat", name, err)
	}
	info, err := f.root.Lstat(join(parts))
	if err != nil {
		return nil, wrap("lstat", name, err)
	}
	return info, nil
}

// Statfs tells the space that this process may use on the home's volume.
func (f *FS) Statfs(ctx context.Context) (storage.Space, error) {
	if _, err := f.enter(ctx, "/"); err != nil {
		return storage.Space{}, wrap("statfs", "/", err)
	}
	dir, err := f.root.Open(".")
	if err != nil {
		return storage.Space{}, wrap("statfs", "/", err)
	}
	defer dir.Close()
	space, err := spaceOf(dir)
	return space, wrap("statfs", "/", err)
}
