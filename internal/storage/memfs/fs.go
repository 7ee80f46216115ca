package memfs

import (
	"context"
	"io/fs"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// FS is one session's view of a home in memory.
type FS struct {
	tree *tree
	life storage.Lifetime
}

var _ storage.FS = (*FS)(nil)

// New returns an empty home.
func New() *FS { return NewWithOptions(storage.Options{}) }

// NewWithOptions returns an empty home that obeys opt.
func NewWithOptions(opt storage.Options) *FS {
	if opt.OpenFiles == nil {
		opt.OpenFiles = storage.NewOpenFiles()
	}
	t := &tree{opt: opt, root: newDir(), arriving: make(map[string]*node), capacity: 1 << 40}
	return t.session()
}

// Session returns another session's view of the same home, which lives and is
// closed on its own.
func (f *FS) Session() *FS { return f.tree.session() }

// SetCapacity makes writes that would hold more than n bytes in the home fail
// with winerr.DiskFull.
func (f *FS) SetCapacity(n int64) {
	f.tree.mu.Lock()
	defer f.tree.mu.Unlock()
	f.tree.capacity = n
}

// enter locks the tree for one call and splits the name it is about.
func (f *FS) enter(ctx context.Context, name string) ([]string, error) {
	parts, err := f.life.Enter(ctx, name)
	if err == nil {
		f.tree.mu.Lock()
	}
	return parts, err
}

// Stat describes a file or directory.
func (f *FS) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	defer f.tree.mu.Unlock()
	n, err := f.tree.find(parts)
	if err != nil {
		return nil, wrap("stat", name, err)
	}
	return n.info(name), nil
}

// Lstat is Stat: there are no links in memory.
func (f *FS) Lstat(ctx context.Context, name string) (fs.FileInfo, error) { return f.Stat(ctx, name) }

// SetModTime sets the time of last change.
func (f *FS) SetModTime(ctx context.Context, name string, t time.Time) error {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return wrap("set time of", name, err)
	}
	defer f.tree.mu.Unlock()
	n, err := f.tree.find(parts)
	if err != nil {
		return wrap("set time of", name, err)
	}
	n.modified = t
	return nil
}

// Statfs tells the capacity that SetCapacity set, a tebibyte by default.
func (f *FS) Statfs(ctx context.Context) (storage.Space, error) {
	if _, err := f.enter(ctx, "/"); err != nil {
		return storage.Space{}, wrap("statfs", "/", err)
	}
	defer f.tree.mu.Unlock()
	total := f.tree.capacity
	return storage.Space{Total: uint64(total), Free: uint64(max(total-f.tree.used, 0))}, nil
}

// Close aborts the session's uploads. The files stay for other sessions.
func (f *FS) Close() error {
	f.life.End()
	return nil
}

func wrap(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
