//go:build unix

package localfs

import (
	"context"
	"io/fs"
	"iter"
	"os"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// List streams a directory in the order of the file system. Temporary files that
// are older than storage.StaleAfter have lost their process: they are deleted.
func (f *FS) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	// Opened once to see whether it can be, so that errors come before a data
	// connection is used; opened again when the loop begins.
	dir, err := f.openDir(ctx, name)
	if err != nil {
		return nil, storage.Wrap("list", name, err)
	}
	_ = dir.Close()
	return func(yield func(fs.FileInfo, error) bool) {
		dir, err := f.openDir(ctx, name)
		if err != nil {
			yield(nil, storage.Wrap("list", name, err))
			return
		}
		defer dir.Close()
		for entry, err := range f.entries(ctx, dir) {
			if !yield(entry, storage.Wrap("list", name, err)) {
				return
			}
		}
	}, nil
}

func (f *FS) openDir(ctx context.Context, name string) (*os.Root, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, err
	}
	defer at.close()
	return f.step(at.dir, at.base)
}

// entries gives what a listing of dir shows.
func (h *home) entries(ctx context.Context, dir *os.Root) iter.Seq2[fs.FileInfo, error] {
	return func(yield func(fs.FileInfo, error) bool) {
		opened, err := dir.OpenFile(".", os.O_RDONLY|openFlags, 0)
		if err != nil {
			yield(nil, err)
			return
		}
		defer opened.Close()
		stale := func(name string) { _ = dir.Remove(name) }
		for entry, err := range storage.Entries(ctx, opened.Readdir, stale) {
			switch {
			case err != nil:
				yield(nil, err)
				return
			case h.near(entry) && !yield(entry, nil):
				return
			}
		}
	}
}
