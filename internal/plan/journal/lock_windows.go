package journal

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock takes the file for this process, until it is closed or the process ends. A
// lock on Windows keeps others from reading what it covers, so it covers one octet
// far behind the end.
func lock(f *os.File, wait bool) error {
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK)
	if !wait {
		flags |= windows.LOCKFILE_FAIL_IMMEDIATELY
	}
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
}

// syncFolder does nothing: folders cannot be synchronised, and NTFS keeps its own
// journal of names.
func syncFolder(string) error { return nil }
