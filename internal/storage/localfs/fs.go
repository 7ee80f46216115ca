//go:build unix

package localfs

import (
	"context"
	"os"
	"path"
	"path/filepath"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// FS is a home in a local directory, used with the rights of this process.
type FS struct {
	home
	life storage.Lifetime
}

var _ storage.FS = (*FS)(nil)

// home is what the calls need to know; it does not change.
type home struct {
	root    *os.Root
	devices []uint64 // the volumes that belong to the home
	layered bool     // the devices of files tell nothing, those of directories do
	place   string   // key of "/" in the table of open files
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
	if opt.OpenFiles == nil {
		opt.OpenFiles = storage.NewOpenFiles()
	}
	h := home{opt: opt}
	err := h.open(base)
	if err == nil && rel != "" {
		err = h.descend(rel)
	}
	if err != nil {
		return nil, storage.Wrap("open home", path.Join(base, rel), err)
	}
	return &FS{home: h}, nil
}

// open makes the directory base the home.
func (h *home) open(base string) error {
	place, err := filepath.Abs(base)
	if err == nil {
		place, err = filepath.EvalSymlinks(place)
	}
	if err != nil {
		return err
	}
	info, err := os.Stat(place)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		return err
	}
	if h.root, err = os.OpenRoot(place); err != nil {
		return err
	}
	h.devices, h.layered, h.place = []uint64{deviceOf(info)}, layered(h.root), place
	for _, folder := range h.opt.Trusted {
		if info, err := os.Stat(folder); err == nil {
			h.devices = append(h.devices, deviceOf(info))
		}
	}
	return nil
}

// descend makes the directory rel below the root the home, and ends the root if
// it cannot.
func (h *home) descend(rel string) error {
	defer h.root.Close()
	parts, err := storage.Parts("/" + rel)
	if err != nil {
		return err
	}
	at, err := h.reach(parts)
	if err != nil {
		return err
	}
	defer at.close()
	below, err := h.step(at.dir, at.base)
	if err != nil {
		return err
	}
	h.root, h.layered, h.place = below, layered(below), filepath.Join(h.place, filepath.FromSlash(rel))
	return nil
}

// enter begins a call about name, and goes to it.
func (f *FS) enter(ctx context.Context, name string) (spot, error) {
	parts, err := f.life.Enter(ctx, name)
	if err != nil {
		return spot{}, err
	}
	return f.reach(parts)
}

// Close releases the directory and aborts what is being uploaded.
func (f *FS) Close() error {
	if !f.life.End() {
		return nil
	}
	return storage.Wrap("close", "/", f.root.Close())
}
