//go:build windows

package native

import (
	"context"
	"io/fs"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Stat describes a regular file or a directory.
func (f *FS) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	info, err := look(ctx, f, name)
	if err == nil {
		err = usable(info)
	}
	if err != nil {
		return nil, storage.Wrap("stat", name, err)
	}
	return info, nil
}

// Lstat describes the entry itself, whatever it is.
func (f *FS) Lstat(ctx context.Context, name string) (fs.FileInfo, error) {
	info, err := look(ctx, f, name)
	return info, storage.Wrap("lstat", name, err)
}

func look(ctx context.Context, f *FS, name string) (fs.FileInfo, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, err
	}
	defer at.close()
	return at.dir.look(at.base)
}

// Statfs tells the space that this process may use on the home's volume.
func (f *FS) Statfs(ctx context.Context) (storage.Space, error) {
	at, err := f.enter(ctx, "/")
	if err != nil {
		return storage.Space{}, storage.Wrap("statfs", "/", err)
	}
	at.close()
	name, err := windows.UTF16PtrFromString(f.place + `\`)
	if err != nil {
		return storage.Space{}, storage.Wrap("statfs", "/", err)
	}
	var space storage.Space
	err = windows.GetDiskFreeSpaceEx(name, &space.Free, &space.Total, nil)
	return space, storage.Wrap("statfs", "/", err)
}

func attributes(info fs.FileInfo) uint32 {
	if sys, ok := info.Sys().(*syscall.Win32FileAttributeData); ok {
		return sys.FileAttributes
	}
	return 0
}
