package localfs

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// beingWritten asks whether any process has the file open for writing: only then
// does the kernel refuse a read lease with EAGAIN. The lease is dropped at once.
// Other refusals, as for a file of another user, tell nothing and are no error.
// Nor does EAGAIN from a file system that is not listed: NFS and CIFS give it
// whenever the server has granted them nothing.
func beingWritten(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var refused error
	err = conn.Control(func(fd uintptr) {
		var volume unix.Statfs_t
		if unix.Fstatfs(int(fd), &volume) != nil || !knowsWriters(int64(volume.Type)) {
			return
		}
		if _, refused = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK); refused == nil {
			_, _ = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK)
		}
	})
	if errors.Is(refused, unix.EAGAIN) {
		return winerr.SharingViolation
	}
	return err
}

func knowsWriters(fileSystem int64) bool {
	switch fileSystem {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.TMPFS_MAGIC,
		unix.OVERLAYFS_SUPER_MAGIC: // a container's own files: the overlay counts writers itself
		return true
	}
	return false
}
