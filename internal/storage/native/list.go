//go:build windows

package native

import (
	"context"
	"io/fs"
	"iter"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// List streams a directory in the order of the file system. Temporary files that
// are older than storage.StaleAfter have lost their process: they are deleted.
func (f *FS) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	// A listing that nobody reads must hold nothing, so what this look has opened
	// is not kept.
	dir, err := openDir(ctx, f, name)
	if err != nil {
		return nil, storage.Wrap("list", name, err)
	}
	_ = dir.Close()
	return func(yield func(fs.FileInfo, error) bool) {
		dir, err := openDir(ctx, f, name)
		if err != nil {
			yield(nil, storage.Wrap("list", name, err))
			return
		}
		defer dir.Close()
		stale := func(entry string) { _ = dir.remove(entry, windows.FILE_NON_DIRECTORY_FILE) }
		for entry, err := range storage.Entries(ctx, dir.Readdir, stale) {
			if err == nil && attributes(entry)&windows.FILE_ATTRIBUTE_HIDDEN != 0 {
				entry = storage.Marked(entry)
			}
			if !yield(entry, storage.Wrap("list", name, err)) {
				return
			}
		}
	}, nil
}

func openDir(ctx context.Context, f *FS, name string) (folder, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return folder{}, err
	}
	defer at.close()
	return at.dir.enter(at.base, windows.FILE_LIST_DIRECTORY)
}
