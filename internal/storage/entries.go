package storage

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"time"
)

// A batch bounds the memory of a listing, whatever the size of the directory.
const batch = 256

// Entries streams what List shows of a directory. Readdir gives up to n more
// entries of it, and io.EOF after the last. The names of temporary files that are
// older than StaleAfter, whose process has died, go to stale.
func Entries(ctx context.Context, readdir func(n int) ([]fs.FileInfo, error), stale func(name string)) iter.Seq2[fs.FileInfo, error] {
	return func(yield func(fs.FileInfo, error) bool) {
		for {
			entries, err := readdir(batch)
			for _, entry := range entries {
				if err := ctx.Err(); err != nil {
					yield(nil, err)
					return
				}
				if isStale(entry) {
					stale(entry.Name())
				}
				if Visible(entry.Name(), entry.Mode()) && !yield(entry, nil) {
					return
				}
			}
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(nil, err)
				return
			}
		}
	}
}

func isStale(entry fs.FileInfo) bool {
	return IsTemporary(entry.Name()) && entry.Mode().IsRegular() && time.Since(entry.ModTime()) > StaleAfter
}

// Marked returns info for a listing, with the mark of Windows that hides it from
// those who do not ask for everything: its Hidden method returns true.
func Marked(info fs.FileInfo) fs.FileInfo { return hidden{info} }

type hidden struct{ fs.FileInfo }

// Hidden is true.
func (hidden) Hidden() bool { return true }
