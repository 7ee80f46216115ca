//go:build unix

package ftptls

import "io/fs"

func readableByAll(info fs.FileInfo) bool { return info.Mode().Perm()&0o007 != 0 }
