package localfs

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
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

// syncDir: NTFS writes its journal itself, and directories cannot be flushed.
func syncDir(*os.Root) error { return nil }

// foldPlace gives a place one spelling: letter case does not count.
func foldPlace(place string) string { return winpath.Fold(place) }

// mayRemove refuses what is marked read-only, as Windows does and os.Root does
// not.
func mayRemove(info fs.FileInfo) error {
	if attributes(info)&windows.FILE_ATTRIBUTE_READONLY != 0 {
		return winerr.AccessDenied
	}
	return nil
}

func isHidden(info fs.FileInfo) bool { return attributes(info)&windows.FILE_ATTRIBUTE_HIDDEN != 0 }

func attributes(info fs.FileInfo) uint32 {
	if sys, ok := info.Sys().(*syscall.Win32FileAttributeData); ok {
		return sys.FileAttributes
	}
	return 0
}
