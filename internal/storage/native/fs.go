//go:build windows

package native

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"

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
	root  folder
	place string // key of "/" in the table of open files
	opt   storage.Options
}

// Open opens the directory dir, an absolute path of this system, as a home. The
// whole of dir is trusted: links in it are followed. Options.Trusted counts for
// nothing here: a volume that is mounted in a home is a reparse point.
func Open(dir string, opt storage.Options) (*FS, error) { return OpenWithin(dir, "", opt) }

// OpenWithin opens the directory rel, slash-separated and clean, below the
// directory base as a home. Base is trusted; on the way down from it a link or a
// file is refused (winerr.CantAccessFile, winerr.PathNotFound), because users may
// own what lies there. Errors name base and rel.
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
	if err != nil {
		return err
	}
	if !strings.HasPrefix(place, `\\`) {
		place = `\\?\` + place // however long
	}
	name, err := windows.UTF16PtrFromString(place)
	if err != nil {
		return err
	}
	handle, err := windows.CreateFile(name, windows.FILE_TRAVERSE|windows.FILE_READ_ATTRIBUTES|windows.SYNCHRONIZE, shareAll, nil,
		windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return err
	}
	h.root = folder{os.NewFile(uintptr(handle), ".")}
	info, err := h.root.Stat()
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err == nil {
		h.place, err = finalPath(handle)
	}
	if err != nil {
		_ = h.root.Close()
	}
	return err
}

// finalPath is the one path that a directory has, however it was found.
func finalPath(handle windows.Handle) (string, error) {
	buffer := make([]uint16, windows.MAX_PATH)
	for {
		n, err := windows.GetFinalPathNameByHandle(handle, &buffer[0], uint32(len(buffer)), 0)
		switch {
		case err != nil:
			return "", err
		case int(n) < len(buffer):
			return strings.TrimSuffix(windows.UTF16ToString(buffer[:n]), `\`), nil
		}
		buffer = make([]uint16, n+1)
	}
}

// descend makes the directory rel below the root the home, and ends the root.
func (h *home) descend(rel string) error {
	defer h.root.Close()
	parts, err := storage.Parts("/" + rel)
	if err != nil {
		return err
	}
	below := strings.Join(parts, `\`)
	root, err := h.root.enter(below, windows.FILE_TRAVERSE)
	if err != nil {
		return err
	}
	h.root, h.place = root, h.place+`\`+below
	return nil
}

// Close releases the directory and aborts what is being uploaded.
func (f *FS) Close() error {
	if !f.life.End() {
		return nil
	}
	return storage.Wrap("close", "/", f.root.Close())
}

// enter begins a call about name, and goes to it.
func (f *FS) enter(ctx context.Context, name string) (spot, error) {
	parts, err := f.life.Enter(ctx, name)
	if err != nil {
		return spot{}, err
	}
	return f.reach(parts)
}
