//go:build unix

package shares

import (
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
)

// openFolder opens a folder of this machine as a home: what lies below base may
// be its users'.
func openFolder(base, below string, opt storage.Options) (storage.FS, error) {
	return localfs.OpenWithin(base, below, opt)
}
