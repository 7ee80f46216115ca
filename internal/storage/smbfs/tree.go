package smbfs

import (
	"context"
	"os"
	"runtime"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// tree is a share as the library gives it, each use of it bounded. Paths begin
// at the share's root.
type tree struct {
	link  *link
	share *smb2.Share
}

// call runs one use of the library.
func (t *tree) call(ctx context.Context, use func(*smb2.Share) error) error {
	return t.link.call(ctx, func() error { return use(t.share) })
}

// look describes an entry without following it.
func (t *tree) look(ctx context.Context, path []string) (stat *smb2.FileStat, err error) {
	err = t.call(ctx, func(share *smb2.Share) error {
		info, err := share.Lstat(join(path))
		if err == nil {
			stat, _ = info.Sys().(*smb2.FileStat)
		}
		return err
	})
	if err == nil && stat == nil {
		err = winerr.GenFailure
	}
	return stat, err
}

const (
	readOnly  = os.O_RDONLY
	writeOnly = os.O_WRONLY
	exclusive = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	// Without the owner's bit of the mode the library makes read-only files.
	writable = 0o666
)

// openFile opens a file or directory. The library would close forgotten files
// from a finalizer, which can block every other finalizer of the program; ours
// are closed by hand, or with the session.
func (t *tree) openFile(ctx context.Context, path []string, flags int) (opened *smb2.File, err error) {
	err = t.call(ctx, func(share *smb2.Share) error {
		if opened, err = share.OpenFile(join(path), flags, writable); err == nil {
			runtime.SetFinalizer(opened, nil)
		}
		return err
	})
	return opened, err
}

// closeFile closes a file, also after the context of its call has ended.
func (t *tree) closeFile(opened *smb2.File) error {
	return t.call(context.Background(), func(*smb2.Share) error { return opened.Close() })
}

// remove deletes what an upload has made, whatever has become of its context.
func (t *tree) remove(path []string) error {
	return t.call(context.Background(), func(share *smb2.Share) error { return share.Remove(join(path)) })
}

// renameOver is the library's only kind of rename: it replaces a file.
func (t *tree) renameOver(ctx context.Context, source, target []string) error {
	return t.call(ctx, func(share *smb2.Share) error { return share.Rename(join(source), join(target)) })
}
