package localfs

import (
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// FS is a home in a local directory.
type FS struct{ storage.FS }

// Open opens the directory dir, an absolute path of this system, as a home.
func Open(dir string, opt storage.Options) (*FS, error) { return OpenWithin(dir, "", opt) }

// OpenWithin opens the directory rel, slash-separated, below the directory base.
// Base is trusted; a link or another device on the way down from it is refused.
func OpenWithin(base, rel string, opt storage.Options) (*FS, error) {
	return nil, winerr.NotSupported
}
