package memfs

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// busy reports whether the file, or a file below the directory, is written.
func (t *tree) busy(parts []string) bool {
	key := "/" + strings.Join(parts, "/")
	_, writing := t.opt.OpenFiles.Writing(key)
	return writing || t.opt.OpenFiles.WritingBelow(key, "/")
}

// upload writes node, which Replace and New attach to parent only at the end.
type upload struct {
	fs           *FS
	name, base   string
	parent, node *node
	d            storage.Disposition
	made         bool // Append or Resume made the file
	start        int
	release      func()

	mu   sync.Mutex
	done bool
}

// Create begins an upload.
func (f *FS) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("create", name, err)
	}
	defer f.tree.mu.Unlock()
	u, err := begin(f, parts, d)
	if err == nil {
		err = u.seek(offset)
	}
	if err == nil {
		u.release, err = f.tree.opt.OpenFiles.Write(name, "")
	}
	if err != nil {
		return nil, wrap("create", name, err)
	}
	u.name = name
	u.attach()
	f.mu.Lock()
	f.uploads[u] = struct{}{}
	f.mu.Unlock()
	return u, nil
}

func begin(f *FS, parts []string, d storage.Disposition) (*upload, error) {
	if len(parts) == 0 {
		return nil, winerr.AccessDenied
	}
	parent, err := f.tree.parent(parts)
	if err != nil {
		return nil, err
	}
	u := &upload{fs: f, base: parts[len(parts)-1], parent: parent, d: d}
	switch old := parent.children[u.base]; {
	case d == storage.New && old != nil:
		return nil, winerr.AlreadyExists
	case old != nil && old.dir():
		return nil, winerr.AccessDenied
	case old == nil || d == storage.Replace || d == storage.New:
		u.node, u.made = &node{modified: time.Now()}, true
	default:
		u.node = old
	}
	return u, nil
}

// seek puts the upload where its first byte goes.
func (u *upload) seek(offset int64) error {
	switch {
	case offset < 0, offset != 0 && u.d != storage.Resume:
		return winerr.InvalidParameter
	case offset > 0 && u.made:
		return winerr.FileNotFound
	case offset > int64(len(u.node.data)):
		return winerr.HandleEOF
	}
	u.start = len(u.node.data)
	if u.d == storage.Resume {
		u.start = int(offset)
	}
	return nil
}

// attach gives the node its place among the files, or among those that arrive.
func (u *upload) attach() {
	t := u.fs.tree
	if u.d == storage.Replace || u.d == storage.New {
		u.parent.pending++
		t.arriving[u.name] = u.node
		return
	}
	t.used -= int64(len(u.node.data) - u.start)
	u.node.data = u.node.data[:u.start]
	u.parent.children[u.base] = u.node
}

// Write adds bytes at the end.
func (u *upload) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done {
		return 0, wrap("write", u.name, fs.ErrClosed)
	}
	t := u.fs.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.grow(len(p)); err != nil {
		return 0, wrap("write", u.name, err)
	}
	u.node.data = append(u.node.data, p...)
	u.node.modified = time.Now()
	return len(p), nil
}

// Commit ends the upload with success.
func (u *upload) Commit() error { return u.end(true) }

// Abort ends the upload without success.
func (u *upload) Abort(keep bool) error { return u.end(keep) }

func (u *upload) end(keep bool) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done {
		return nil
	}
	u.done = true
	u.fs.mu.Lock()
	delete(u.fs.uploads, u)
	u.fs.mu.Unlock()
	u.fs.tree.mu.Lock()
	defer u.fs.tree.mu.Unlock()
	defer u.release()
	if u.d == storage.Replace || u.d == storage.New {
		u.parent.pending--
		delete(u.fs.tree.arriving, u.name)
		return wrap("commit", u.name, u.promote(keep))
	}
	if !keep {
		u.fs.tree.used -= int64(len(u.node.data) - u.start)
		u.node.data = u.node.data[:u.start]
		if u.made {
			delete(u.parent.children, u.base)
		}
	}
	return nil
}

// promote puts the whole file under its name, or forgets it.
func (u *upload) promote(keep bool) error {
	t, old := u.fs.tree, u.parent.children[u.base]
	switch {
	case !keep:
		t.drop(u.node)
		return nil
	case old != nil && (u.d == storage.New || old.dir()):
		t.drop(u.node)
		return winerr.AlreadyExists
	}
	t.drop(old)
	u.parent.children[u.base] = u.node
	u.parent.modified = time.Now()
	return nil
}
