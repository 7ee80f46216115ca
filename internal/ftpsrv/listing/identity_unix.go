//go:build unix

package listing

import (
	"encoding/binary"
	"io/fs"
	"syscall"
)

// identity is device and number of a file of the operating system.
func identity(info fs.FileInfo) (key [16]byte, known bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return key, false
	}
	binary.BigEndian.PutUint64(key[:8], uint64(stat.Dev))
	binary.BigEndian.PutUint64(key[8:], stat.Ino)
	return key, true
}
