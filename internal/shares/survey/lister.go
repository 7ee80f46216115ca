package survey

import (
	"context"
	"iter"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// neighbour is an entry of a folder.
type neighbour struct {
	name    string
	dir     bool
	size    int64
	changed time.Time
}

// lister streams what is in a folder, slash-separated below where it begins.
type lister func(folder string) iter.Seq2[neighbour, error]

// listShare lists folders of a share. A reparse point is no directory.
func listShare(ctx context.Context, share *smbfs.Folder) lister {
	return func(folder string) iter.Seq2[neighbour, error] {
		return func(yield func(neighbour, error) bool) {
			for e, err := range share.Entries(ctx, folder) {
				if !yield(neighbour{e.Name, e.Dir && !e.Link, e.Size, e.ModTime}, err) {
					return
				}
			}
		}
	}
}

// listHere lists folders of this machine.
func listHere(ctx context.Context, root storage.FS) lister {
	return func(folder string) iter.Seq2[neighbour, error] {
		return func(yield func(neighbour, error) bool) {
			entries, err := root.List(ctx, "/"+folder)
			if err != nil {
				yield(neighbour{}, err)
				return
			}
			for info, err := range entries {
				one := neighbour{}
				if err == nil {
					one = neighbour{info.Name(), info.IsDir(), info.Size(), info.ModTime()}
				}
				if !yield(one, err) {
					return
				}
			}
		}
	}
}
