package smbfs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Open opens a file for reading from offset. While it is open, this process
// takes no upload of it, and while it is uploaded, no download, because the server
// would not let the finished upload have its name. A stranger who is writing is
// noticed only if he does not share reading: the SMB library always shares both.
func (f *FS) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	path, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	_, release, err := f.opt.OpenFiles.Read(f.key(path), false)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	opened, info, err := f.openToRead(ctx, path, offset)
	if err != nil {
		release()
		return nil, wrap("open", name, err)
	}
	d := &download{home: &f.home, life: &f.life, name: name, file: opened, stat: info, release: release}
	d.ahead = readAhead{do: d.request, size: info.Size(), next: offset, window: f.window(deepest)}
	if err := f.life.Track(d); err != nil {
		_ = d.Close()
		return nil, wrap("open", name, err)
	}
	return d, nil
}

func (h *home) openToRead(ctx context.Context, path []string, offset int64) (opened *smb2.File, info *smb2.FileStat, err error) {
	info, err = h.file(ctx, path)
	switch {
	case err != nil:
		return nil, nil, err
	case offset < 0:
		return nil, nil, winerr.InvalidParameter
	case offset > info.Size():
		return nil, nil, winerr.HandleEOF
	}
	opened, err = h.openFile(ctx, path, readOnly)
	return opened, info, late(info, err)
}

// late gives the true cause to a wait that was too long, where the server has to
// fetch the content from another tier first.
func late(info *smb2.FileStat, err error) error {
	if info.FileAttributes&attributesOffline == 0 || winerr.Of(err) != winerr.SemTimeout {
		return err
	}
	return fmt.Errorf("the file is offline, and its content did not come in time: %w", winerr.FileOffline)
}

// window is for transfers on this link, with so many requests under way at most.
func (t *tree) window(most int) window {
	return window{size: 1, most: most, patience: t.link.timeout}
}

// download reads a file while it is open.
type download struct {
	home    *home
	life    *storage.Lifetime
	name    string
	file    *smb2.File
	stat    *smb2.FileStat
	release func()

	mu     sync.Mutex
	ahead  readAhead
	closed bool
}

func (d *download) request(octets []byte, at int64) (n int, err error) {
	err = d.home.call(context.Background(), func(*smb2.Share) (err error) {
		n, err = d.file.ReadAt(octets, at)
		return err
	})
	return n, late(d.stat, err)
}

// Read reads the next bytes.
func (d *download) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.ahead.Read(p)
	if errors.Is(err, io.EOF) {
		return n, io.EOF
	}
	return n, wrap("read", d.name, err)
}

// Close closes the file. It waits for reads that are going on.
func (d *download) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	defer d.life.Forget(d)
	defer d.release()
	d.ahead.close(fs.ErrClosed)
	return wrap("close", d.name, d.home.closeFile(d.file))
}
