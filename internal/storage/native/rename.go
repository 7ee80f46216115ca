//go:build windows

package native

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Rename moves a file or directory, by its own handle: what was looked at is what
// moves.
func (f *FS) Rename(ctx context.Context, from, to string, replace bool) error {
	return storage.Wrap("rename", from, f.rename(ctx, storage.Renaming{From: from, To: to, Replace: replace}))
}

func (f *FS) rename(ctx context.Context, r storage.Renaming) error {
	source, err := f.enter(ctx, r.From)
	if err != nil {
		return err
	}
	defer source.close()
	if _, _, err := storage.RenameParts(r.From, r.To); err != nil {
		return err
	}
	info, err := source.dir.look(source.base)
	if err == nil {
		err = usable(info)
	}
	if err != nil {
		return err
	}
	target, err := f.enter(ctx, r.To)
	if err != nil {
		return err
	}
	defer target.close()
	if strings.HasPrefix(target.key, source.key+`\`) {
		return winerr.InvalidParameter // in whatever letters
	}
	old, err := target.dir.look(target.base)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = nil, nil
	}
	if err != nil {
		return err
	}
	over, err := r.Over(info, old)
	if err == nil && old != nil {
		err = changeable(old)
	}
	if err == nil {
		err = errors.Join(f.idle(source), f.idle(target))
	}
	if err != nil || r.From == r.To {
		return err
	}
	return move(source, target, over)
}

// move gives source the name of target.
func move(source, target spot, over bool) error {
	entry, err := source.dir.openChecked(source.base, request{windows.DELETE, shareAll, windows.FILE_OPEN, 0}, usable)
	if err != nil {
		return err
	}
	defer entry.Close()
	switch {
	case source.key == target.key: // other letters for one entry, which is in its own way
		return codeOf(setName(entry, target.dir, target.base, naming{class: windows.FileRenameInformation, flags: windows.FILE_RENAME_REPLACE_IF_EXISTS}))
	case over:
		return moveOver(entry, target.dir, target.base, func() {})
	}
	return moveNew(entry, target.dir, target.base)
}
