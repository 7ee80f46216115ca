package storagetest

import (
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func reading() []behaviour {
	return []behaviour{
		{"open reads from an offset", openReads},
		{"open refuses", openRefuses},
		{"a large file comes back as it went", largeFile},
	}
}

func openReads(e *env) {
	e.put("/file", "0123456789")
	for offset, want := range map[int64]string{0: "0123456789", 4: "456789", 10: ""} {
		got, err := get(e.ctx(), e.fs, "/file", offset)
		if err != nil || got != want {
			e.Errorf("from %d: got %q, %v, want %q", offset, got, err, want)
		}
	}
	e.put("/empty", "")
	e.want("/empty", "")
	r, err := e.fs.Open(e.ctx(), "/file", 0)
	e.ok("open", err)
	e.ok("close", r.Close())
	if n, err := r.Read(make([]byte, 1)); n != 0 || err == nil || err == io.EOF {
		e.Errorf("read after close: got %d, %v", n, err)
	}
}

func openRefuses(e *env) {
	e.put("/file", "0123456789")
	e.mkdir("/dir")
	for _, tt := range []struct {
		name   string
		offset int64
		want   winerr.Code
	}{
		{"/file", 11, winerr.HandleEOF},
		{"/file", 1<<63 - 1, winerr.HandleEOF},
		{"/file", -1, winerr.InvalidParameter},
		{"/dir", 0, winerr.AccessDenied},
		{"/", 0, winerr.AccessDenied},
		{"/absent", 0, winerr.FileNotFound},
		{"/absent/x", 0, winerr.PathNotFound},
		{"/file/x", 0, winerr.PathNotFound},
	} {
		r, err := e.fs.Open(e.ctx(), tt.name, tt.offset)
		if err == nil {
			_ = r.Close()
		}
		e.code("open "+tt.name, err, tt.want)
	}
}

// largeFile passes several buffers of any implementation, and writes through
// ReadFrom where there is one, as io.Copy does.
func largeFile(e *env) {
	const size = 5<<20 + 12345
	u := e.create("/large", storage.Replace, 0, "")
	n, err := io.Copy(u, io.LimitReader(&pattern{}, size))
	if n != size || err != nil {
		e.Fatalf("upload: got %d, %v, want %d", n, err, size)
	}
	e.ok("commit", u.Commit())
	for _, offset := range []int64{0, 1<<20 - 1, size - 3} {
		wantPattern(e, "/large", offset, size)
	}
	// A reader that leaves early leaves nothing behind: the file can be replaced.
	r, err := e.fs.Open(e.ctx(), "/large", 0)
	e.ok("open", err)
	_, err = io.CopyN(io.Discard, r, 2<<20+1)
	e.ok("read", err)
	e.ok("close", r.Close())
	e.put("/large", "small")
}

// wantPattern compares what name holds from offset on; it has size bytes.
func wantPattern(e *env, name string, offset, size int64) {
	e.Helper()
	r, err := e.fs.Open(e.ctx(), name, offset)
	e.ok("open", err)
	n, err := io.Copy(&pattern{at: offset, reject: e.Errorf}, r)
	if n != size-offset || err != nil {
		e.Errorf("download of %s from %d: got %d, %v, want %d", name, offset, n, err, size-offset)
	}
	e.ok("close", r.Close())
}

// pattern is an endless file whose bytes tell their place.
type pattern struct {
	at     int64
	reject func(format string, args ...any)
}

func (p *pattern) byteAt(i int64) byte { return byte(i ^ i>>8 ^ i>>16) }

// Read gives the next bytes.
func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = p.byteAt(p.at + int64(i))
	}
	p.at += int64(len(b))
	return len(b), nil
}

// Write compares the next bytes.
func (p *pattern) Write(b []byte) (int, error) {
	for i := range b {
		if b[i] != p.byteAt(p.at+int64(i)) {
			p.reject("byte %d is wrong", p.at+int64(i))
			return i, io.ErrShortWrite
		}
	}
	p.at += int64(len(b))
	return len(b), nil
}
