//go:build unix

package localfs

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// spot is a place in the home: the directory that holds it, and its name there,
// "." for the home itself. Whatever becomes of the way to the directory, the spot
// stays where it was found.
type spot struct {
	dir  *os.Root
	base string
	key  string // in the table of open files
}

func (s spot) close() { _ = s.dir.Close() }

func (s spot) isHome() bool { return s.base == "." }

// reach goes down to the directory that holds the last part.
func (h *home) reach(parts []string) (spot, error) {
	at := spot{base: ".", key: filepath.Join(append([]string{h.place}, parts...)...)}
	dir, err := h.root.OpenRoot(".")
	if err != nil || len(parts) == 0 {
		at.dir = dir
		return at, err
	}
	last := len(parts) - 1
	for _, part := range parts[:last] {
		above := dir
		dir, err = h.step(above, part)
		_ = above.Close()
		switch winerr.Of(err) {
		case winerr.Success:
		case winerr.FileNotFound, winerr.Directory:
			return spot{}, winerr.PathNotFound
		default:
			return spot{}, err
		}
	}
	at.dir, at.base = dir, parts[last]
	return at, nil
}

// step opens a directory below dir. Os.Root follows links that stay inside, and
// what is a directory now may be a link when it is opened; so what was opened
// must be what was looked at. The dot has it opened as a directory: a pipe that
// took its place would hang us.
func (h *home) step(dir *os.Root, name string) (*os.Root, error) {
	info, err := h.entry(spot{dir: dir, base: name})
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		return nil, err
	}
	below, err := dir.OpenRoot(name + "/.")
	if err != nil {
		return nil, err
	}
	opened, err := below.Lstat(".")
	if err == nil && !os.SameFile(info, opened) {
		err = winerr.CantAccessFile
	}
	if err != nil {
		_ = below.Close()
		return nil, err
	}
	return below, nil
}

// entry describes a regular file or directory without following a link.
func (h *home) entry(at spot) (fs.FileInfo, error) {
	info, err := at.dir.Lstat(at.base)
	if err == nil {
		err = h.usable(info)
	}
	if err != nil {
		return nil, err
	}
	return info, nil
}

// usable refuses whatever is neither a regular file nor a directory nearby.
func (h *home) usable(info fs.FileInfo) error {
	if (info.Mode().IsRegular() || info.Mode().Type() == fs.ModeDir) && h.near(info) {
		return nil
	}
	return winerr.CantAccessFile
}

// near reports whether the entry lies on a volume of the home's. A file of an
// overlay shows the device of its layer instead; what is mounted below the home
// shows at its directory already, but for a single file that an administrator
// has mounted there.
func (h *home) near(info fs.FileInfo) bool {
	return (h.layered && !info.IsDir()) || slices.Contains(h.devices, deviceOf(info))
}
