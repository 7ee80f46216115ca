//go:build unix && !linux

package localfs

import "os"

func layered(*os.Root) bool { return false }
