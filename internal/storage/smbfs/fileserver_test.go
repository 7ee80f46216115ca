package smbfs_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
)

// Statuses and attributes.
const (
	moreToProcess, accessDenied, diskFull, notEmpty = 0xC0000016, 0xC0000022, 0xC000007F, 0xC0000101

	readOnlyMark, hiddenMark, directory, reparse = 0x1, 0x2, 0x10, 0x400
)

const headerSize = 64

// homeOn dials a directory of a server.
func homeOn(t *testing.T, s *smbtest.Server, dir string) (*smbfs.FS, error) {
	t.Helper()
	home, err := smbfs.Dial(t.Context(), serve(t, s.Talk), login(), dir, storage.Options{})
	if err == nil {
		t.Cleanup(func() { _ = home.Close() })
	}
	return home, err
}
