//go:build unix && !linux

package localfs

import "os"

// beingWritten has nobody to ask here.
func beingWritten(*os.File) error { return nil }
