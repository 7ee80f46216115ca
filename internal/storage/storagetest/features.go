// Package storagetest defines what a storage.FS does: the conformance suite that
// every implementation runs.
//
// Each file holds one subject; suite, in run.go, lists the behaviours.
package storagetest

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Features says where implementations may differ, and gives the suite the hooks
// for what cannot be arranged through a storage.FS.
type Features struct {
	// CaseInsensitive: names that differ in letter case only are one name.
	CaseInsensitive bool
	// ReadersBlock: a file that is being downloaded cannot be uploaded, which is
	// winerr.SharingViolation.
	ReadersBlock bool
	// ServerFollows: links that stay inside what the server exports are resolved
	// by the server, unseen; only that nothing outside comes in is asked then.
	ServerFollows bool
	// ReadOnlyFiles: the permission bits of a file on disk bind the storage.
	ReadOnlyFiles bool
	// Session opens the home of first again, as another login would.
	Session func(t *testing.T, first storage.FS) storage.FS
	// ReadUploads opens an empty home with storage.Options.ReadUploads.
	ReadUploads func(t *testing.T) storage.FS
	// Dir names the directory of this machine that holds the home. Nil where
	// there is none: links, pipes and leftovers are then not looked at.
	Dir func(fs storage.FS) string
	// Symlink makes a link in Dir. Nil where tests may not make any.
	Symlink func(target, link string) error
	// Mkfifo makes a named pipe in Dir. Nil where the system has none.
	Mkfifo func(path string) error
}
