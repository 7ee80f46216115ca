package smbfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"time"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// A batch is what List takes from the library at a time; the library itself asks
// the server for up to a mebibyte of entries.
const batch = 256

// List streams a directory in the order of the server. Temporary files that are
// older than storage.StaleAfter have lost their process: they are deleted.
func (f *FS) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	path, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("list", name, err)
	}
	dir, err := f.openDir(ctx, path)
	if err != nil {
		return nil, wrap("list", name, err)
	}
	_ = f.closeFile(dir)
	return func(yield func(fs.FileInfo, error) bool) {
		if err := f.walk(ctx, path, func(info fs.FileInfo) bool { return yield(info, nil) }); err != nil {
			yield(nil, wrap("list", name, err))
		}
	}, nil
}

func (h *home) openDir(ctx context.Context, path []string) (*smb2.File, error) {
	info, err := h.entry(ctx, path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, winerr.Directory
	}
	return h.openFile(ctx, path, readOnly)
}

// walk calls show for every visible entry until it returns false.
func (h *home) walk(ctx context.Context, path []string, show func(fs.FileInfo) bool) error {
	dir, err := h.openDir(ctx, path)
	if err != nil {
		return err
	}
	defer func() { _ = h.closeFile(dir) }()
	for {
		var entries []fs.FileInfo
		err := h.call(ctx, func(*smb2.Share) (err error) {
			entries, err = dir.Readdir(batch)
			return err
		})
		for _, entry := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			sweep(ctx, &h.tree, path, entry)
			if storage.Visible(entry.Name(), entry.Mode()) && !show(entry) {
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
func sweep(ctx context.Context, t *tree, path []string, entry fs.FileInfo) {
	if storage.IsTemporary(entry.Name()) && entry.Mode().IsRegular() && time.Since(entry.ModTime()) > storage.StaleAfter {
		_ = t.call(ctx, func(share *smb2.Share) error {
			return share.Remove(join(append(path[:len(path):len(path)], entry.Name())))
		})
	}
}
