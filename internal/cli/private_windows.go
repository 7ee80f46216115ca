package cli

import "os"

// checkPrivate accepts any file: on Windows a file inherits the rights of its
// folder, and a profile folder is its owner's alone.
func checkPrivate(*os.File) error { return nil }
