//go:build !windows

package private

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// Readers tells who else can read or write the file, as "mode 0644"; "" is
// nobody.
func Readers(f *os.File) (who string, err error) {
	return others(f, 0o077)
}

// Writers tells who else can write the file, or into the folder; "" is nobody.
func Writers(f *os.File) (who string, err error) {
	return others(f, 0o022)
}

func others(f *os.File, bits fs.FileMode) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	open := info.Mode().Perm() & bits
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid == 0 && owner.Gid == 0 {
		// A credential that systemd lends the service with an access list, whose mask
		// is what the mode shows. Without one, the group of root is root.
		open &^= 0o040
	}
	if open == 0 {
		return "", nil
	}
	return fmt.Sprintf("mode %04o", info.Mode().Perm()), nil
}

// Advice is the command that makes the file or folder its owner's alone, whoever
// else could read or write it.
func Advice(f *os.File, _ string) string {
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "chmod 700 " + f.Name()
	}
	return "chmod 600 " + f.Name()
}

// MakeFolder makes a folder that is its owner's alone, and what is missing above
// it. One that is there stays as it is.
func MakeFolder(dir string) error { return os.MkdirAll(dir, 0o700) }
