package memfs

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// List returns the entries of a directory by name, as they are when the
// iteration begins.
func (f *FS) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("list", name, err)
	}
	defer f.tree.mu.Unlock()
	n, err := f.tree.find(parts)
	switch {
	case err != nil:
		return nil, wrap("list", name, err)
	case !n.dir():
		return nil, wrap("list", name, winerr.Directory)
	}
	return func(yield func(fs.FileInfo, error) bool) {
		f.tree.mu.Lock()
		entries := make([]fs.FileInfo, 0, len(n.children))
		for _, base := range slices.Sorted(maps.Keys(n.children)) {
			if i := n.children[base].info(base); storage.Visible(base, i.Mode()) {
				entries = append(entries, i)
			}
		}
		f.tree.mu.Unlock()
		for _, entry := range entries {
			if err := ctx.Err(); err != nil {
				yield(nil, wrap("list", name, err))
				return
			}
			if !yield(entry, nil) {
				return
			}
		}
	}, nil
}

// Open reads a file from offset.
func (f *FS) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	defer f.tree.mu.Unlock()
	_, release, err := f.tree.opt.OpenFiles.Read(name, f.tree.opt.ReadUploads)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	n, err := f.tree.file(parts, offset)
	if err != nil {
		release()
		return nil, wrap("open", name, err)
	}
	return &reader{tree: f.tree, node: n, offset: int(offset), release: release}, nil
}

// file returns a file to be read from offset, also one that is arriving.
func (t *tree) file(parts []string, offset int64) (*node, error) {
	n, err := t.find(parts)
	if arriving, ok := t.arriving["/"+strings.Join(parts, "/")]; err != nil && ok {
		n, err = arriving, nil
	}
	switch {
	case err != nil:
		return nil, err
	case n.dir():
		return nil, winerr.AccessDenied
	case offset < 0:
		return nil, winerr.InvalidParameter
	case offset > int64(len(n.data)):
		return nil, winerr.HandleEOF
	}
	return n, nil
}

// reader reads the node that had the name when it was opened.
type reader struct {
	tree    *tree
	node    *node
	release func()

	mu     sync.Mutex
	offset int
	closed bool
}

// Read copies the next bytes.
func (r *reader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, fs.ErrClosed
	}
	r.tree.mu.Lock()
	defer r.tree.mu.Unlock()
	if r.offset >= len(r.node.data) {
		return 0, io.EOF
	}
	n := copy(p, r.node.data[r.offset:])
	r.offset += n
	return n, nil
}

// Close ends the download.
func (r *reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.release()
	return nil
}
