package smbfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// chunk is what one request to the server carries: more is not granted by
// Windows, less costs a round trip each.
const chunk = 1 << 20

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
	opened, err := f.openToRead(ctx, path, offset)
	if err != nil {
		release()
		return nil, wrap("open", name, err)
	}
	d := &download{home: &f.home, life: &f.life, name: name, file: opened, at: offset, release: release}
	if err := f.life.Track(d); err != nil {
		_ = d.Close()
		return nil, wrap("open", name, err)
	}
	return d, nil
}

func (h *home) openToRead(ctx context.Context, path []string, offset int64) (*smb2.File, error) {
	info, err := h.file(ctx, path)
	switch {
	case err != nil:
		return nil, err
	case offset < 0:
		return nil, winerr.InvalidParameter
	case offset > info.Size():
		return nil, winerr.HandleEOF
	}
	return h.openFile(ctx, path, readOnly)
}

// download asks the server for a chunk at a time.
type download struct {
	home    *home
	life    *storage.Lifetime
	name    string
	file    *smb2.File
	release func()

	mu     sync.Mutex
	at     int64  // of the next byte to ask for
	ahead  []byte // not given to the reader yet
	buffer []byte
	closed bool
}

// fill asks for the next chunk, into p if that is large.
func (d *download) fill(p []byte) (n int, err error) {
	if d.closed {
		return 0, wrap("read", d.name, fs.ErrClosed)
	}
	err = d.home.call(context.Background(), func(*smb2.Share) (err error) {
		n, err = d.file.ReadAt(p, d.at)
		return err
	})
	d.at += int64(n)
	switch {
	case n > 0:
		return n, nil
	case err == nil, errors.Is(err, io.EOF):
		return 0, io.EOF
	}
	return 0, wrap("read", d.name, err)
}

// Read reads the next bytes. Small reads are served from a chunk.
func (d *download) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.ahead) == 0 {
		if len(p) >= chunk {
			return d.fill(p[:chunk])
		}
		if d.buffer == nil {
			d.buffer = make([]byte, chunk)
		}
		n, err := d.fill(d.buffer)
		if err != nil {
			return 0, err
		}
		d.ahead = d.buffer[:n]
	}
	n := copy(p, d.ahead)
	d.ahead = d.ahead[n:]
	return n, nil
}

// Close closes the file. It waits for a read that is going on.
func (d *download) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed, d.buffer, d.ahead = true, nil, nil
	defer d.life.Forget(d)
	defer d.release()
	return wrap("close", d.name, d.home.closeFile(d.file))
}
