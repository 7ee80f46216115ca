package prepare

import (
	"time"

	"golang.org/x/sys/unix"
)

// born says when what has an inode was made, "" where its file system does not tell.
// File systems give the number of what was removed to what is made next.
func born(path string, inode uint64) string {
	var s unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BTIME|unix.STATX_INO, &s)
	if err != nil || s.Mask&unix.STATX_BTIME == 0 || s.Ino != inode {
		return ""
	}
	return " of " + time.Unix(s.Btime.Sec, int64(s.Btime.Nsec)).UTC().Format(time.RFC3339Nano)
}
