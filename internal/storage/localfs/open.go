//go:build unix

package localfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Open opens a regular file for reading from offset. The result embeds an
// *os.File. A file that another process has open for writing is told from others
// on Linux, where its owner is this process's user.
func (f *FS) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	at, err := f.enter(ctx, name)
	if err != nil {
		return nil, storage.Wrap("open", name, err)
	}
	defer at.close()
	reading := storage.Reading{Key: at.key, Name: name, Offset: offset}
	download, err := reading.Download(f.opt, func(temporary string) (*os.File, error) { return f.openToRead(ctx, at, temporary) })
	if err != nil {
		return nil, storage.Wrap("open", name, err)
	}
	return download, nil
}

// openToRead opens the file or, where it is not there yet, what arrives under the
// temporary name.
func (h *home) openToRead(ctx context.Context, at spot, temporary string) (*os.File, error) {
	opened, err := h.openFile(ctx, at, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) && temporary != "" {
		at.base = temporary
		return h.openFile(ctx, at, os.O_RDONLY)
	}
	if err == nil && !h.opt.ReadUploads {
		if err = beingWritten(opened); err != nil {
			_ = opened.Close()
			return nil, err
		}
	}
	return opened, err
}

// openFile opens an existing regular file. What it is gets looked at before, so
// that no device is ever opened, and after, because it may have changed.
func (h *home) openFile(ctx context.Context, at spot, flags int) (*os.File, error) {
	if err := regular(h.entry(at)); err != nil {
		return nil, err
	}
	opened, err := openPatiently(ctx, at, flags)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat()
	if err == nil {
		err = h.usable(info)
	}
	if err := regular(info, err); err != nil {
		_ = opened.Close()
		return nil, err
	}
	return opened, nil
}

func regular(info fs.FileInfo, err error) error {
	if err == nil && info.IsDir() {
		return winerr.AccessDenied
	}
	return err
}

// Another process may hold a lease on the file (Samba, an NFS server, our own
// look at a writer). Opening asks it to give way, which takes a moment.
const (
	leaseWait  = 500 * time.Millisecond
	leasePause = 5 * time.Millisecond
)

func openPatiently(ctx context.Context, at spot, flags int) (*os.File, error) {
	start := time.Now()
	for {
		opened, err := at.dir.OpenFile(at.base, flags|openFlags, 0)
		switch {
		case err == nil || !errors.Is(err, syscall.EAGAIN):
			return opened, err
		case time.Since(start) > leaseWait:
			return nil, winerr.SharingViolation
		}
		select {
		case <-time.After(leasePause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
