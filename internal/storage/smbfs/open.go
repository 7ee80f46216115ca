package smbfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// chunk is what one request to the server carries: more is not granted by
// Windows, less costs a round trip each.
const chunk = 1 << 20

// Open opens a file for reading from offset. While it is open, this process
// takes no upload of it, because the server would not let the finished upload
// have its name. A stranger who is writing is noticed only if he does not share
// reading: the SMB library always shares both.
func (f *FS) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	path, err := f.enter(ctx, name)
	if err != nil {
		return nil, wrap("open", name, err)
	}
	d := &download{home: &f.home, name: name, at: offset}
	if err := d.open(ctx, path); err != nil {
		return nil, wrap("open", name, err)
	}
	if d.forget, err = f.track(func() { _ = d.Close() }); err != nil {
		_ = d.Close()
		return nil, wrap("open", name, err)
	}
	return d, nil
}

// download reads ahead by one chunk.
type download struct {
	home            *home
	name            string
	file            *smb2.File
	at              int64 // of the next byte to ask for
	release, forget func()

	mu     sync.Mutex
	ahead  []byte // not given to the reader yet
	buffer []byte
	closed bool
}

func (d *download) open(ctx context.Context, path []string) error {
	h, key := d.home, d.home.key(path)
	temporary, writing := h.opt.OpenFiles.Writing(key)
	if writing && !h.opt.ReadUploads {
		return winerr.SharingViolation
	}
	info, err := h.file(ctx, path)
	if errors.Is(err, fs.ErrNotExist) && temporary != "" {
		path = append(path[:len(path)-1:len(path)-1], temporary)
		info, err = h.file(ctx, path)
	}
	switch {
	case err != nil:
		return err
	case d.at < 0:
		return winerr.InvalidParameter
	case d.at > info.Size():
		return winerr.HandleEOF
	}
	if d.file, err = h.openFile(ctx, path, readOnly); err != nil {
		return err
	}
	d.release = h.opt.OpenFiles.Read(key)
	return nil
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
	if len(d.ahead) == 0 || d.closed {
		if len(p) >= chunk {
			return d.fill(p[:chunk])
		}
		if err := d.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, d.ahead)
	d.ahead = d.ahead[n:]
	return n, nil
}

func (d *download) next() error {
	if d.buffer == nil {
		d.buffer = make([]byte, chunk)
	}
	n, err := d.fill(d.buffer)
	d.ahead = d.buffer[:n]
	return err
}

// WriteTo writes the rest to w, a chunk at a time.
func (d *download) WriteTo(w io.Writer) (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var written int64
	for {
		if len(d.ahead) == 0 || d.closed {
			if err := d.next(); errors.Is(err, io.EOF) {
				return written, nil
			} else if err != nil {
				return written, err
			}
		}
		n, err := w.Write(d.ahead)
		written += int64(n)
		d.ahead = d.ahead[n:]
		if err != nil {
			return written, err
		}
	}
}

// Close closes the file. It waits for a read that is going on.
func (d *download) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed, d.buffer, d.ahead = true, nil, nil
	d.release()
	if d.forget != nil {
		d.forget()
	}
	return wrap("close", d.name, d.home.closeFile(d.file))
}
