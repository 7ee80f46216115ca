package ftpsrv_test

import (
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/native"
)

// openFolder opens a folder of this machine as a home.
func openFolder(dir string, opt storage.Options) (storage.FS, error) { return native.Open(dir, opt) }
