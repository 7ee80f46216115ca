package ftpsrv_test

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// faults are homes that break in one way each.
var faults = map[string]func(storage.FS) storage.FS{
	"read":       func(root storage.FS) storage.FS { return &broken{FS: root, read: winerr.GenFailure} },
	"lost":       func(root storage.FS) storage.FS { return &broken{FS: root, read: winerr.NetNameDeleted} },
	"write":      func(root storage.FS) storage.FS { return &broken{FS: root, write: winerr.NetNameDeleted} },
	"commit":     func(root storage.FS) storage.FS { return &broken{FS: root, commit: winerr.AccessDenied} },
	"full":       func(root storage.FS) storage.FS { return &broken{FS: root, write: winerr.DiskFull} },
	"quota":      func(root storage.FS) storage.FS { return &broken{FS: root, commit: winerr.QuotaExceeded} },
	"list":       func(root storage.FS) storage.FS { return &broken{FS: root, list: winerr.NetNameDeleted} },
	"slow":       func(root storage.FS) storage.FS { return &broken{FS: root, slow: 700 * time.Millisecond} },
	"denied":     func(root storage.FS) storage.FS { return &broken{FS: root, create: winerr.AccessDenied} },
	"unreadable": func(root storage.FS) storage.FS { return &broken{FS: root, open: winerr.AccessDenied} },
	"endless":    func(root storage.FS) storage.FS { return &broken{FS: root, endless: true} },
	"stuck":      func(root storage.FS) storage.FS { return &broken{FS: root, stuck: true} },
	"panic":      func(root storage.FS) storage.FS { return &broken{FS: root, panics: true} },
}

// broken is a home whose transfers fail after their first octets.
type broken struct {
	storage.FS
	read, write, commit, list error
	slow                      time.Duration // of each read and write
	late                      time.Duration // of each look at a name
	open, create              error
	endless                   bool // files have no end
	stuck                     bool // listings end with their context only
	panics                    bool
}

// doze is what a slow disk does.
func (b *broken) doze() {
	if b.slow > 0 {
		<-time.After(b.slow)
	}
}

func (b *broken) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	if b.panics {
		panic("stat gone wrong")
	}
	<-time.After(b.late)
	return b.FS.Stat(ctx, name)
}

func (b *broken) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	if b.open != nil {
		return nil, b.open
	}
	f, err := b.FS.Open(ctx, name, offset)
	return &brokenFile{f, b}, err
}

func (b *broken) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	if b.create != nil {
		return nil, b.create
	}
	up, err := b.FS.Create(ctx, name, d, offset)
	return &brokenUpload{up, b}, err
}

func (b *broken) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	all, err := b.FS.List(ctx, name)
	if b.stuck {
		return func(yield func(fs.FileInfo, error) bool) {
			<-ctx.Done()
			yield(nil, ctx.Err())
		}, err
	}
	if b.list == nil || err != nil {
		return all, err
	}
	return func(yield func(fs.FileInfo, error) bool) { yield(nil, b.list) }, nil
}

type brokenFile struct {
	io.ReadCloser
	b *broken
}

func (f *brokenFile) Read(p []byte) (int, error) {
	if f.b.panics {
		panic("read gone wrong")
	}
	f.b.doze()
	if f.b.endless {
		return len(p), nil
	}
	n, err := f.ReadCloser.Read(p[:min(4, len(p))])
	if f.b.read != nil {
		err = f.b.read
	}
	return n, err
}

type brokenUpload struct {
	storage.Upload
	b *broken
}

func (u *brokenUpload) Write(p []byte) (int, error) {
	if u.b.write != nil {
		return 0, u.b.write
	}
	u.b.doze()
	return u.Upload.Write(p)
}

func (u *brokenUpload) Commit() error {
	if u.b.commit != nil {
		_ = u.Upload.Abort(false)
		return u.b.commit
	}
	return u.Upload.Commit()
}
