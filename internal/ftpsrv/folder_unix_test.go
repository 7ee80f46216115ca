//go:build unix

package ftpsrv_test

import (
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
)

// openFolder opens a folder of this machine as a home.
func openFolder(dir string, opt storage.Options) (storage.FS, error) { return localfs.Open(dir, opt) }
