package smbfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

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
		dir, err := f.openDir(ctx, path)
		if err != nil {
			yield(nil, wrap("list", name, err))
			return
		}
		defer func() { _ = f.closeFile(dir) }()
		stale := func(name string) { _ = f.remove(append(path[:len(path):len(path)], name)) }
		for entry, err := range storage.Entries(ctx, f.readdir(ctx, dir), stale) {
			if stat, ok := entry.(*smb2.FileStat); ok && stat.FileAttributes&attributeHidden != 0 {
				entry = storage.Marked(entry)
			}
			if !yield(entry, wrap("list", name, err)) {
				return
			}
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

// What the server says about an entry and about a directory [MS-FSCC 2.6,
// MS-ERREF 2.3.1].
const (
	attributeHidden = 0x2
	noSuchFile      = 0xC000000F
)

// readdir gives the next entries of dir. The library itself asks the server for up
// to a mebibyte of them. Where a directory holds not even "." and "..", as the top
// of an empty volume does, Windows says that there is no such file.
func (t *tree) readdir(ctx context.Context, dir *smb2.File) func(n int) ([]fs.FileInfo, error) {
	return func(n int) (entries []fs.FileInfo, err error) {
		err = t.call(ctx, func(*smb2.Share) error {
			entries, err = dir.Readdir(n)
			var response *smb2.ResponseError
			if errors.As(err, &response) && response.Code == noSuchFile {
				return io.EOF
			}
			return err
		})
		return entries, err
	}
}
