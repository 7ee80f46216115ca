package memfs

import "github.com/ftpisoctl/ftpisoctl/internal/storage"

// FS is one session's view of a home in memory.
type FS struct{ storage.FS }

// New returns an empty home.
func New() *FS { return &FS{} }

// Session returns another session's view of the same home.
func (f *FS) Session() *FS { return f }
