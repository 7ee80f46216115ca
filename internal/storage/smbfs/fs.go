package smbfs

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// FS is a home on a share, used with the rights of the login.
type FS struct {
	home
	life storage.Lifetime
}

var _ storage.FS = (*FS)(nil)

// home is what the calls need to know; it does not change.
type home struct {
	tree
	session *smb2.Session
	base    []string // the home's place in the share
	place   string   // the share's key in the table of open files
	opt     storage.Options
}

// enter begins a call about name. The answer is the path inside the share.
func (f *FS) enter(ctx context.Context, name string) ([]string, error) {
	parts, err := f.life.Enter(ctx, name)
	if err != nil {
		return nil, err
	}
	return f.below(parts), nil
}

// below puts a name's parts below the home.
func (h *home) below(parts []string) []string {
	return append(h.base[:len(h.base):len(h.base)], parts...)
}

// isHome reports whether the path is the home itself.
func (h *home) isHome(path []string) bool { return len(path) == len(h.base) }

// key names a file in the table of open files: SMB ignores letter case.
func (h *home) key(path []string) string { return h.place + winpath.Fold(join(path)) }

func join(path []string) string { return strings.Join(path, `\`) }

// parents checks that everything above the last component is a directory and no
// reparse point, but for what lies above the home and may not be looked at: the
// right to traverse it is enough. SMB has no opening relative to a handle: what is
// swapped after this look is bounded by the login's own rights.
func (h *home) parents(ctx context.Context, path []string) error {
	for i := range max(len(path)-1, 0) {
		info, err := h.look(ctx, path[:i+1])
		switch {
		case i < len(h.base) && errors.Is(err, fs.ErrPermission):
		case errors.Is(err, fs.ErrNotExist):
			return winerr.PathNotFound
		case err != nil:
			return err
		case info.Mode()&fs.ModeSymlink != 0:
			return winerr.CantAccessFile
		case !info.IsDir():
			return winerr.PathNotFound
		}
	}
	return nil
}

// entry describes a file or directory that is reached without a reparse point,
// and is none.
func (h *home) entry(ctx context.Context, path []string) (*smb2.FileStat, error) {
	if err := h.parents(ctx, path); err != nil {
		return nil, err
	}
	info, err := h.look(ctx, path)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		err = winerr.CantAccessFile
	}
	return info, err
}

// file describes a regular file.
func (h *home) file(ctx context.Context, path []string) (*smb2.FileStat, error) {
	info, err := h.entry(ctx, path)
	if err == nil && info.IsDir() {
		err = winerr.AccessDenied
	}
	return info, err
}

const closeTimeout = 3 * time.Second

// Close aborts uploads, ends downloads, leaves the share and logs off, as far as
// the server answers in time.
func (f *FS) Close() error {
	timer := time.AfterFunc(closeTimeout, f.link.end)
	defer timer.Stop()
	if !f.life.End() {
		return nil
	}
	defer f.link.end()
	ctx := context.Background()
	// A server that is gone has forgotten us already.
	_ = f.call(ctx, func(share *smb2.Share) error { return share.Umount() })
	_ = f.call(ctx, func(*smb2.Share) error { return f.session.Logoff() })
	return nil
}
