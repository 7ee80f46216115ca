package localfs

import (
	"io/fs"
	"os"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// openFlags: os.Root opens with all share modes; what another process does not
// share is error 32 from the system.
const openFlags = 0

// deviceOf: a volume is mounted at a reparse point, which os.Root does not enter
// and Mode shows as irregular.
func deviceOf(fs.FileInfo) uint64 { return 0 }

func spaceOf(dir *os.File) (storage.Space, error) {
	name, err := windows.UTF16PtrFromString(dir.Name())
	if err != nil {
		return storage.Space{}, err
	}
	var space storage.Space
	err = windows.GetDiskFreeSpaceEx(name, &space.Free, &space.Total, nil)
	return space, err
}

// inherit: a new file has the directory's inheritable access list.
func inherit(*os.File, fs.FileInfo) {}

// flush: NTFS writes its journal itself, and directories cannot be flushed.
func flush(*os.File) error { return nil }

// foldPlace gives a place one spelling: letter case does not count.
func foldPlace(place string) string { return winpath.Fold(place) }
