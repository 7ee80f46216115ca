package localfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// A batch bounds the memory of a listing, whatever the size of the directory.
const batch = 256

// List streams a directory in the order of the file system. Temporary files that
// are older than storage.StaleAfter have lost their process: they are deleted.
func (f *FS) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("list", name, err)
	}
	// Opened once to see whether it can be, so that errors come before a data
	// connection is used; opened again when the loop begins.
	dir, err := f.openDir(parts)
	if err != nil {
		return nil, wrap("list", name, err)
	}
	_ = dir.Close()
	return func(yield func(fs.FileInfo, error) bool) {
		if err := f.walk(ctx, parts, func(info fs.FileInfo) bool { return yield(info, nil) }); err != nil {
			yield(nil, wrap("list", name, err))
		}
	}, nil
}

func (h *home) openDir(parts []string) (*os.File, error) {
	info, err := h.entry(parts)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, winerr.Directory
	}
	dir, err := h.root.OpenFile(join(parts), os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	if info, err = dir.Stat(); err == nil {
		err = h.usable(info)
	}
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		_ = dir.Close()
		return nil, err
	}
	return dir, nil
}

// walk calls show for every visible entry until it returns false.
func (h *home) walk(ctx context.Context, parts []string, show func(fs.FileInfo) bool) error {
	dir, err := h.openDir(parts)
	if err != nil {
		return err
	}
	defer dir.Close()
	for {
		entries, err := dir.Readdir(batch)
		for _, entry := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			sweep(h.root, parts, entry)
			if storage.Visible(entry.Name(), entry.Mode()) && h.near(entry) && !show(entry) {
				return nil
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// sweep deletes the remains of an upload whose process died.
func sweep(root *os.Root, parts []string, entry fs.FileInfo) {
	if storage.IsTemporary(entry.Name()) && entry.Mode().IsRegular() && time.Since(entry.ModTime()) > storage.StaleAfter {
		_ = root.Remove(path.Join(join(parts), entry.Name()))
	}
}
