//go:build unix

package localfs

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// openFlags keep a pipe or a lease from blocking the open.
const openFlags = unix.O_NONBLOCK

func deviceOf(info fs.FileInfo) uint64 {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(sys.Dev)
	}
	return 0
}

func spaceOf(dir *os.File) (storage.Space, error) {
	var sys unix.Statfs_t
	if err := unix.Fstatfs(int(dir.Fd()), &sys); err != nil {
		return storage.Space{}, err
	}
	block := uint64(sys.Bsize)
	return storage.Space{Total: sys.Blocks * block, Free: uint64(sys.Bavail) * block}, nil
}

// inherit gives the new file the permission bits of the old one and, as far as
// this process may, its owner. What it may not give is no failure: the bytes are
// what the client asked for.
func inherit(f *os.File, old fs.FileInfo) {
	if sys, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(int(sys.Uid), int(sys.Gid))
	}
	_ = f.Chmod(old.Mode().Perm())
}

func flush(dir *os.File) error { return dir.Sync() }

// foldPlace gives a place one spelling.
func foldPlace(place string) string { return place }
