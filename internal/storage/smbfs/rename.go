package smbfs

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// Rename moves a file or directory.
func (f *FS) Rename(ctx context.Context, from, to string, replace bool) error {
	_, err := f.enter(ctx, from)
	if err == nil {
		_, err = f.enter(ctx, to)
	}
	var source, target []string
	if err == nil {
		source, target, err = storage.RenameParts(from, to)
	}
	if err == nil && strings.HasPrefix(winpath.Fold(to), winpath.Fold(from)+"/") {
		err = winerr.InvalidParameter
	}
	if err == nil {
		err = f.rename(ctx, f.below(source), f.below(target), replace)
	}
	return wrap("rename", from, err)
}

func (h *home) rename(ctx context.Context, source, target []string, replace bool) error {
	info, err := h.entry(ctx, source)
	if err != nil {
		return err
	}
	old, err := h.entry(ctx, target)
	exists := err == nil
	switch {
	case exists && join(source) != join(target) && h.key(source) == h.key(target):
		return h.respell(ctx, source, target)
	case exists:
		err = replaceable(info, old, replace)
	case winerr.Of(err) == winerr.FileNotFound:
		err = nil
	}
	if err != nil {
		return err
	}
	if err := errors.Join(h.idle(source), h.idle(target)); err != nil {
		return err
	}
	switch {
	case join(source) == join(target):
		return nil
	case exists:
		return h.renameOver(ctx, source, target)
	case info.IsDir():
		// A file cannot hold the place for a directory. The name was free a moment
		// ago, and a server puts no directory over another.
		return h.renameOver(ctx, source, target)
	}
	return h.renameNew(ctx, source, target)
}

// replaceable reports whether info may take the name of old.
func replaceable(info, old *smb2.FileStat, replace bool) error {
	switch {
	case !replace || info.IsDir() || old.IsDir():
		return winerr.AlreadyExists
	case old.Mode()&ownerWrites == 0:
		return winerr.AccessDenied
	}
	return nil
}

// renameNew takes the name with an empty file of its own first: whoever has it
// then can replace nothing but that.
func (t *tree) renameNew(ctx context.Context, source, target []string) error {
	taken, err := t.openFile(ctx, target, exclusive)
	if err != nil {
		return err
	}
	if err = t.closeFile(taken); err == nil {
		err = t.renamePatiently(ctx, source, target)
	}
	if err != nil {
		_ = t.remove(target)
	}
	return err
}

// A virus scanner or an indexer opens new files for a moment, which keeps their
// names from being replaced.
const (
	renameTries = 6
	renamePause = 150 * time.Millisecond
)

func (t *tree) renamePatiently(ctx context.Context, source, target []string) error {
	for try := 1; ; try++ {
		err := t.renameOver(ctx, source, target)
		if code := winerr.Of(err); try == renameTries || code != winerr.SharingViolation && code != winerr.AccessDenied {
			return err
		}
		select {
		case <-time.After(renamePause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// respell changes the letter case of a name, if both names are one entry.
func (h *home) respell(ctx context.Context, source, target []string) error {
	one, err := h.identity(ctx, source)
	if err != nil {
		return err
	}
	other, err := h.identity(ctx, target)
	if err != nil {
		return err
	}
	if one != other || one == 0 {
		return winerr.AlreadyExists
	}
	if err := h.idle(source); err != nil {
		return err
	}
	return h.renameOver(ctx, source, target)
}

// identity is the server's number of a file.
func (t *tree) identity(ctx context.Context, path []string) (id uint64, err error) {
	opened, err := t.openFile(ctx, path, readOnly)
	if err != nil {
		return 0, err
	}
	err = t.call(ctx, func(*smb2.Share) error {
		info, err := opened.Stat()
		if stat, ok := info.(*smb2.FileStat); err == nil && ok {
			id = stat.FileId
		}
		return err
	})
	return id, errors.Join(err, t.closeFile(opened))
}
