package smbfs

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Rename gives a directory another name, which must be free (winerr.AlreadyExists).
// On Windows nobody can take the name in the moment between the look at it and the
// rename: a directory replaces none there. Samba lets one replace an empty one.
func (f *Folder) Rename(ctx context.Context, from, to string) error {
	source, stat, err := f.entry(ctx, from)
	if err == nil && (len(source) == 0 || !stat.IsDir()) {
		err = winerr.Directory
	}
	var target []string
	if err == nil {
		target, err = f.reach(ctx, to)
	}
	if err == nil {
		_, err = f.look(ctx, target)
		switch {
		case err == nil:
			err = winerr.AlreadyExists
		case winerr.Of(err) == winerr.FileNotFound:
			err = f.renameOver(ctx, source, target)
		}
	}
	return wrap("rename", from, err)
}
