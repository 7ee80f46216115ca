package localfs

import (
	"errors"
	"io/fs"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// renameNew renames within root and fails with fs.ErrExist where the new name is
// taken, even by a process that is faster.
func renameNew(root *os.Root, from, to string) error {
	err := renameat2(root, from, to)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		// Some network and FUSE file systems know no flags.
		return renameByLink(root, from, to)
	}
	return err
}

func renameat2(root *os.Root, from, to string) error {
	source, err := root.OpenFile(path.Dir(from), unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := root.OpenFile(path.Dir(to), unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	defer target.Close()
	err = unix.Renameat2(int(source.Fd()), path.Base(from), int(target.Fd()), path.Base(to), unix.RENAME_NOREPLACE)
	if err != nil {
		return &fs.PathError{Op: "renameat2", Path: to, Err: err}
	}
	return nil
}
