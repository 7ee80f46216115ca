package localfs

import (
	"os"

	"golang.org/x/sys/unix"
)

// layered reports whether the directory lies on an overlay, as it does in most
// containers.
func layered(root *os.Root) bool {
	dir, err := root.Open(".")
	if err != nil {
		return false
	}
	defer func() { _ = dir.Close() }()
	var volume unix.Statfs_t
	return unix.Fstatfs(int(dir.Fd()), &volume) == nil && int64(volume.Type) == unix.OVERLAYFS_SUPER_MAGIC
}
