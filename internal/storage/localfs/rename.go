//go:build unix

package localfs

import (
	"errors"
	"io/fs"
	"os"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// renameByLink renames without replacing where the system has no call for it: a
// file gets the new name as a second one, which is exclusive, and loses the old
// one. A directory is renamed outright: os.Root refuses to put it over another
// directory, and the system to put it over a file.
func renameByLink(root *os.Root, from, to string) error {
	info, err := root.Lstat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		if err = root.Link(from, to); err == nil {
			return root.Remove(from)
		}
		if errors.Is(err, fs.ErrExist) {
			return err
		}
		// FAT has no second names; a look has to do.
	}
	if _, err := root.Lstat(to); err == nil {
		return winerr.AlreadyExists
	}
	return root.Rename(from, to)
}

// syncDir makes a rename in the directory last.
func syncDir(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
