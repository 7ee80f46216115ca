package memfs

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// upload writes node, which Replace and New attach to parent only at the end.
type upload struct {
	fs           *FS
	tree         *tree
	name, base   string
	parent, node *node
	d            storage.Disposition
	made         bool // Append or Resume made the file
	start        int
	err          error // first failure of a write

	end     storage.Ending
	release func()
}

// Create begins an upload.
func (f *FS) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	u, err := begin(ctx, f, name, d, offset)
	if err != nil {
		return nil, wrap("create", name, err)
	}
	if err := f.life.Track(u); err != nil {
		_ = u.Close()
		return nil, wrap("create", name, err)
	}
	return u, nil
}

func begin(ctx context.Context, f *FS, name string, d storage.Disposition, offset int64) (*upload, error) {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.tree.mu.Unlock()
	u, err := f.tree.upload(parts, d)
	if err == nil {
		u.fs, u.name = f, name
		err = u.seek(offset)
	}
	if err == nil {
		u.release, err = f.tree.opt.OpenFiles.Write(name, "", !u.whole())
	}
	if err != nil {
		return nil, err
	}
	u.attach()
	return u, nil
}

func (t *tree) upload(parts []string, d storage.Disposition) (*upload, error) {
	if len(parts) == 0 {
		return nil, winerr.AccessDenied
	}
	parent, err := t.parent(parts)
	if err != nil {
		return nil, err
	}
	u := &upload{tree: t, base: parts[len(parts)-1], parent: parent, d: d}
	switch old := parent.children[u.base]; {
	case d == storage.New && old != nil:
		return nil, winerr.AlreadyExists
	case old != nil && old.dir():
		return nil, winerr.AccessDenied
	case old == nil || u.whole():
		u.node, u.made = &node{modified: time.Now()}, true
	default:
		u.node = old
	}
	return u, nil
}

func (u *upload) whole() bool { return u.d == storage.Replace || u.d == storage.New }

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
	if u.whole() {
		u.parent.pending++
		u.tree.arriving[u.name] = u.node
		return
	}
	u.cut()
	u.parent.children[u.base] = u.node
}

// cut takes the file back to where the upload began.
func (u *upload) cut() {
	u.tree.used -= int64(len(u.node.data) - u.start)
	u.node.data = u.node.data[:u.start]
}

// Write adds bytes at the end.
func (u *upload) Write(p []byte) (n int, err error) {
	err = u.end.Use(func() error {
		u.tree.mu.Lock()
		defer u.tree.mu.Unlock()
		if err := u.tree.grow(len(p)); err != nil {
			u.err = err
			return err
		}
		n = len(p)
		u.node.data = append(u.node.data, p...)
		u.node.modified = time.Now()
		return nil
	})
	return n, wrap("write", u.name, err)
}

// Commit ends the upload with success, unless a write has failed.
func (u *upload) Commit() error {
	return wrap("commit", u.name, u.end.Commit(func() error {
		if u.err != nil {
			_ = u.finish(false)
			return u.err
		}
		return u.finish(true)
	}))
}

// Abort ends the upload without success.
func (u *upload) Abort(keep bool) error {
	return wrap("abort", u.name, u.end.Abort(func() error { return u.finish(keep) }))
}

// Close is what the end of the home does to an upload.
func (u *upload) Close() error { return u.Abort(false) }

func (u *upload) finish(keep bool) error {
	defer u.fs.life.Forget(u)
	u.tree.mu.Lock()
	defer u.tree.mu.Unlock()
	defer u.release()
	if u.whole() {
		u.parent.pending--
		delete(u.tree.arriving, u.name)
		return u.promote(keep)
	}
	if !keep {
		u.cut()
		if u.made {
			delete(u.parent.children, u.base)
		}
	}
	return nil
}

// promote puts the whole file under its name, or forgets it.
func (u *upload) promote(keep bool) error {
	t, old := u.tree, u.parent.children[u.base]
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
