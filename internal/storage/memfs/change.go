package memfs

import (
	"context"
	"errors"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Mkdir makes one directory.
func (f *FS) Mkdir(ctx context.Context, name string) error {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return wrap("mkdir", name, err)
	}
	defer f.tree.mu.Unlock()
	if len(parts) == 0 {
		return wrap("mkdir", name, winerr.AlreadyExists)
	}
	parent, err := f.tree.parent(parts)
	if err != nil {
		return wrap("mkdir", name, err)
	}
	base := parts[len(parts)-1]
	if parent.children[base] != nil {
		return wrap("mkdir", name, winerr.AlreadyExists)
	}
	parent.children[base] = newDir()
	parent.modified = time.Now()
	return nil
}

// Remove deletes a file.
func (f *FS) Remove(ctx context.Context, name string) error {
	return remove(ctx, f, name, func(n *node) error {
		if n.dir() {
			return winerr.AccessDenied
		}
		return f.tree.opt.OpenFiles.Idle(name, "/")
	})
}

// RemoveDir deletes an empty directory.
func (f *FS) RemoveDir(ctx context.Context, name string) error {
	return remove(ctx, f, name, func(n *node) error {
		switch {
		case n == f.tree.root:
			return winerr.AccessDenied
		case !n.dir():
			return winerr.Directory
		case len(n.children)+n.pending > 0:
			return winerr.DirNotEmpty
		}
		return nil
	})
}

func remove(ctx context.Context, f *FS, name string, refuse func(*node) error) error {
	parts, err := f.enter(ctx, name)
	if err != nil {
		return wrap("remove", name, err)
	}
	defer f.tree.mu.Unlock()
	n, err := f.tree.find(parts)
	if err == nil {
		err = refuse(n)
	}
	if err != nil {
		return wrap("remove", name, err)
	}
	parent, _ := f.tree.parent(parts)
	delete(parent.children, parts[len(parts)-1])
	parent.modified = time.Now()
	f.tree.drop(n)
	return nil
}

// Rename moves a file or directory.
func (f *FS) Rename(ctx context.Context, from, to string, replace bool) error {
	if _, err := f.enter(ctx, "/"); err != nil {
		return wrap("rename", from, err)
	}
	defer f.tree.mu.Unlock()
	source, target, err := storage.RenameParts(from, to)
	if err == nil {
		err = f.tree.rename(source, target, replace)
	}
	if err != nil {
		return wrap("rename", from, err)
	}
	return nil
}

func (t *tree) rename(source, target []string, replace bool) error {
	n, err := t.find(source)
	if err != nil {
		return err
	}
	parent, err := t.parent(target)
	if err != nil {
		return err
	}
	base := target[len(target)-1]
	old := parent.children[base]
	switch {
	case old != nil && (!replace || old.dir() || n.dir()):
		return winerr.AlreadyExists
	case old == n:
		return t.idle(source)
	}
	if err := errors.Join(t.idle(source), t.idle(target)); err != nil {
		return err
	}
	before, _ := t.parent(source)
	delete(before.children, source[len(source)-1])
	parent.children[base] = n
	before.modified, parent.modified = time.Now(), time.Now()
	t.drop(old)
	return nil
}
