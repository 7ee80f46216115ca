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
	// ReadersBlock: a file that is being downloaded cannot be uploaded, and one
	// that is being uploaded cannot be downloaded, not even with ReadUploads.
	ReadersBlock bool
	// ServerFollows: links that stay inside what the server exports are resolved
	// by the server, unseen; only that nothing outside comes in is asked then.
	ServerFollows bool
	// OnDisk: the directory that Run's open returns holds the home. Else links,
	// pipes and leftovers are not looked at.
	OnDisk bool
	// Session opens the home of first, in dir, again, as another login would.
	Session func(t *testing.T, first storage.FS, dir string) storage.FS
	// ReadUploads opens an empty home with storage.Options.ReadUploads.
	ReadUploads func(t *testing.T) storage.FS
	// Bound calls run, which uses the home in dir, with rights that the permission
	// bits of files bind. Nil where they bind nobody.
	Bound func(t *testing.T, dir string, run func())
	// Symlink makes a link on disk. Nil where tests may not make any.
	Symlink func(target, link string) error
	// Mkfifo makes a named pipe on disk. Nil where the system has none.
	Mkfifo func(path string) error
}
