package localfs

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// FS is a home in a local directory, used with the rights of this process.
type FS struct {
	home
	mu      sync.Mutex
	closed  bool
	uploads map[*upload]struct{}
}

var _ storage.FS = (*FS)(nil)

// home is what the calls need to know; it does not change.
type home struct {
	root    *os.Root
	device  uint64
	layered bool   // the devices of files tell nothing, those of directories do
	place   string // key of "/" in the table of open files
	opt     storage.Options
}

// Open opens the directory dir, an absolute path of this system, as a home. The
// whole of dir is trusted: links in it are followed.
func Open(dir string, opt storage.Options) (*FS, error) { return OpenWithin(dir, "", opt) }

// OpenWithin opens the directory rel, slash-separated and clean, below the
// directory base as a home. Base is trusted; on the way down from it a link, a
// file or another device is refused (winerr.CantAccessFile, winerr.PathNotFound),
// because users may own what lies there. Errors name base and rel.
func OpenWithin(base, rel string, opt storage.Options) (*FS, error) {
	place, err := filepath.Abs(base)
	if err == nil {
		place, err = filepath.EvalSymlinks(place)
	}
	if err != nil {
		return nil, open(base, err)
	}
	info, err := os.Stat(place)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		return nil, open(base, err)
	}
	root, err := os.OpenRoot(place)
	if err != nil {
		return nil, open(base, err)
	}
	if opt.OpenFiles == nil {
		opt.OpenFiles = storage.NewOpenFiles()
	}
	h := home{root: root, place: place, opt: opt}
	if err := h.descend(rel); err != nil {
		_ = h.root.Close()
		return nil, open(path.Join(base, rel), err)
	}
	return &FS{home: h, uploads: make(map[*upload]struct{})}, nil
}

func open(dir string, err error) error { return wrap("open home", dir, err) }

// descend notes the root's device and, if rel is not empty, goes down to it.
func (h *home) descend(rel string) error {
	info, err := h.root.Lstat(".")
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return winerr.Directory
	}
	h.device, h.layered = deviceOf(info), layered(h.root)
	if rel == "" {
		return nil
	}
	parts, err := storage.Parts("/" + rel)
	if err != nil {
		return err
	}
	info, err = h.entry(parts)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return winerr.Directory
	}
	below, err := h.root.OpenRoot(rel)
	if err != nil {
		return err
	}
	_ = h.root.Close()
	h.root, h.place = below, filepath.Join(h.place, filepath.FromSlash(rel))
	return h.descend("")
}

// key names a file in the table of open files.
func (h *home) key(parts []string) string {
	return foldPlace(filepath.Join(append([]string{h.place}, parts...)...))
}

func join(parts []string) string {
	if len(parts) == 0 {
		return "."
	}
	return strings.Join(parts, "/")
}

// parents checks that everything above the last part is a directory of the home
// and no link. A link that takes such a place afterwards still cannot lead out:
// os.Root sees to that.
func (h *home) parents(parts []string) error {
	for i := 1; i < len(parts); i++ {
		info, err := h.root.Lstat(join(parts[:i]))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return winerr.PathNotFound
		case err != nil:
			return err
		case info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 || !h.near(info):
			return winerr.CantAccessFile
		case !info.IsDir():
			return winerr.PathNotFound
		}
	}
	return nil
}

// near reports whether the entry lies on the home's device, or need not. A file
// of an overlay shows the device of its layer; what is mounted below the home
// shows at the directory already.
func (h *home) near(info fs.FileInfo) bool {
	return h.opt.CrossDevices || (h.layered && !info.IsDir()) || deviceOf(info) == h.device
}

// usable refuses whatever is neither a regular file nor a directory nearby.
func (h *home) usable(info fs.FileInfo) error {
	if (info.Mode().IsRegular() || info.Mode().Type() == fs.ModeDir) && h.near(info) {
		return nil
	}
	return winerr.CantAccessFile
}

// entry describes a regular file or directory without following a link.
func (h *home) entry(parts []string) (fs.FileInfo, error) {
	if err := h.parents(parts); err != nil {
		return nil, err
	}
	info, err := h.root.Lstat(join(parts))
	if err == nil {
		err = h.usable(info)
	}
	if err != nil {
		return nil, err
	}
	return info, nil
}

// enter begins a call: the home must be open, the context alive, the name clean.
func (f *FS) enter(ctx context.Context, name string) ([]string, error) {
	f.mu.Lock()
	closed := f.closed
	f.mu.Unlock()
	if closed {
		return nil, winerr.NetNameDeleted
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return storage.Parts(name)
}

// Close releases the directory and aborts what is being uploaded.
func (f *FS) Close() error {
	f.mu.Lock()
	again := f.closed
	f.closed = true
	open := make([]*upload, 0, len(f.uploads))
	for u := range f.uploads {
		open = append(open, u)
	}
	f.mu.Unlock()
	if again {
		return nil
	}
	for _, u := range open {
		_ = u.Abort(false)
	}
	return wrap("close", "/", f.root.Close())
}

// wrap names what the client asked for and drops the place that os names.
func wrap(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var link *os.LinkError
	var file *fs.PathError
	switch {
	case errors.As(err, &link):
		err = link.Err
	case errors.As(err, &file):
		err = file.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
