package listing

import "io/fs"

// identity is not known of a file that is not open.
func identity(fs.FileInfo) (key [16]byte, known bool) { return key, false }
