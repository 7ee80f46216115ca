package ftptls

import "io/fs"

// readableByAll cannot tell: the mode bits that Go makes up for Windows say
// nothing about the access list.
func readableByAll(fs.FileInfo) bool { return false }
