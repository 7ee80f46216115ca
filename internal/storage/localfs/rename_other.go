//go:build unix && !linux

package localfs

import "os"

// renameNew renames within root and fails with fs.ErrExist where the new name is
// taken, even by a process that is faster, if it is a file that is renamed.
func renameNew(root *os.Root, from, to string) error { return renameByLink(root, from, to) }
