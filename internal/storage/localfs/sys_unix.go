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
// this process may, its group and its owner: one of its own groups anybody may
// give, a file only root. Bits come last, since a change of owner clears some.
// What it may not give is no failure: the bytes are what the client asked for.
func inherit(f *os.File, old fs.FileInfo) {
	const same = -1
	if sys, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(same, int(sys.Gid))
		_ = f.Chown(int(sys.Uid), same)
	}
	_ = f.Chmod(old.Mode().Perm())
}
