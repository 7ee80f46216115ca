//go:build !windows

package cli

import "os"

// checkPrivate refuses a password file that others can read.
func checkPrivate(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return usage("read the password file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return hint(usage("the password file %s is open to other users (mode %04o)", f.Name(), info.Mode().Perm()),
			"chmod 600 "+f.Name())
	}
	return nil
}
