//go:build !windows

package cli

import (
	"os"
	"syscall"
)

// checkPrivate refuses a password file that others can read.
func checkPrivate(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return usage("read the password file: %w", err)
	}
	open := info.Mode().Perm() & 0o077
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid == 0 && owner.Gid == 0 {
		// A credential that systemd lends the service with an access list, whose mask
		// is what the mode shows. Without one, the group of root is root.
		open &^= 0o040
	}
	if open != 0 {
		return hint(usage("the password file %s is open to other users (mode %04o)", f.Name(), info.Mode().Perm()),
			"chmod 600 "+f.Name())
	}
	return nil
}
