package memfs

import (
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// tree is what the sessions of one home share.
type tree struct {
	opt            storage.Options
	mu             sync.Mutex
	root           *node
	arriving       map[string]*node // bytes of uploads that are not committed
	used, capacity int64
}

// node is a directory, if children is not nil, or a file.
type node struct {
	children map[string]*node
	pending  int // uploads below this directory that have no name yet
	data     []byte
	modified time.Time
}

func newDir() *node { return &node{children: make(map[string]*node), modified: time.Now()} }

func (n *node) dir() bool { return n.children != nil }

func (n *node) info(name string) fs.FileInfo {
	i := &info{name: path.Base(name), modified: n.modified, mode: 0o644, size: int64(len(n.data))}
	if n.dir() {
		i.mode = fs.ModeDir | 0o755
	}
	return i
}

func (t *tree) session() *FS { return &FS{tree: t} }

// idle refuses what Windows refuses while the file, or one below the directory,
// is written.
func (t *tree) idle(parts []string) error {
	return t.opt.OpenFiles.Idle("/"+strings.Join(parts, "/"), "/")
}

// find returns the node, or says which part of its name is missing.
func (t *tree) find(parts []string) (*node, error) {
	if len(parts) == 0 {
		return t.root, nil
	}
	parent, err := t.parent(parts)
	if err != nil {
		return nil, err
	}
	n, ok := parent.children[parts[len(parts)-1]]
	if !ok {
		return nil, winerr.FileNotFound
	}
	return n, nil
}

// parent returns the directory that holds the last part.
func (t *tree) parent(parts []string) (*node, error) {
	n := t.root
	for _, part := range parts[:len(parts)-1] {
		if n = n.children[part]; n == nil || !n.dir() {
			return nil, winerr.PathNotFound
		}
	}
	return n, nil
}

// grow accounts for delta more bytes, if they fit.
func (t *tree) grow(delta int) error {
	if t.used+int64(delta) > t.capacity {
		return winerr.DiskFull
	}
	t.used += int64(delta)
	return nil
}

// drop forgets the bytes of a file that has lost its name.
func (t *tree) drop(n *node) {
	if n != nil {
		t.used -= int64(len(n.data))
	}
}

type info struct {
	name     string
	size     int64
	mode     fs.FileMode
	modified time.Time
}

func (i *info) Name() string       { return i.name }
func (i *info) Size() int64        { return i.size }
func (i *info) Mode() fs.FileMode  { return i.mode }
func (i *info) ModTime() time.Time { return i.modified }
func (i *info) IsDir() bool        { return i.mode.IsDir() }
func (i *info) Sys() any           { return nil }
