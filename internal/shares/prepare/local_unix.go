//go:build unix

package prepare

import (
	"fmt"
	"io/fs"
	"syscall"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// lists says whether folders of this machine have access lists of Windows.
const lists = false

// identity tells two directories of one name apart, one after the other.
func identity(path string, info fs.FileInfo) string {
	sys, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("inode %d%s", sys.Ino, born(path, sys.Ino))
}

func describe(string) (d secdesc.Descriptor, ok bool, err error) { return d, false, nil }

func mkdir(string, secdesc.Descriptor) error { return winerr.NotSupported }

func redress(string, secdesc.Descriptor) error { return winerr.NotSupported }
