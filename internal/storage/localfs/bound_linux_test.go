package localfs_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// bound runs with the rights of an account that permission bits bind: root is
// nobody for the time, as far as files go and on this thread alone.
func bound(t *testing.T, dir string, run func()) {
	const nobody = 65534
	if os.Geteuid() == 0 {
		if err := errors.Join(os.Chown(dir, nobody, -1), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
			t.Fatal(err)
		}
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		_, _ = unix.SetfsuidRetUid(nobody)
		defer func() { _, _ = unix.SetfsuidRetUid(0) }()
	}
	run()
}
