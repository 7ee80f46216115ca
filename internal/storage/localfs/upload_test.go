//go:build unix

package localfs_test

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// pair returns the two ends of a TCP connection.
func pair(t testing.TB) (*net.TCPConn, *net.TCPConn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	one, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	other, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = one.Close(), other.Close() })
	return one.(*net.TCPConn), other.(*net.TCPConn)
}

// The engine's copy loop sets deadlines to look at the clock: a time-out must
// lose no byte, and must not spoil the upload.
func TestUpload_survivesTimeouts(t *testing.T) {
	home, err := localfs.Open(t.TempDir(), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	u, err := home.Create(t.Context(), "/file", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	client, server := pair(t)
	var total int64
	for _, piece := range []string{"one ", "two ", "three"} {
		if _, err := io.WriteString(client, piece); err != nil {
			t.Fatal(err)
		}
		if err := server.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		n, err := io.CopyN(u, server, 1<<20)
		if !errors.Is(err, os.ErrDeadlineExceeded) || n != int64(len(piece)) {
			t.Errorf("got %d, %v, want %d and a time-out", n, err, len(piece))
		}
		total += n
	}
	if err := errors.Join(client.CloseWrite(), server.SetReadDeadline(time.Time{})); err != nil {
		t.Fatal(err)
	}
	if n, err := io.CopyN(u, server, 1<<20); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("at the end: got %d, %v", n, err)
	}
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	r, err := home.Open(t.Context(), "/file", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); string(got) != "one two three" || total != int64(len(got)) {
		t.Errorf("got %q, %v", got, err)
	}
}

// A commit that fails leaves what was there, as Abort(false) does, and is not
// taken for a success afterwards.
func TestCommit_afterAFailure(t *testing.T) {
	for d, want := range map[storage.Disposition]string{storage.Replace: "old", storage.Append: "old", storage.Resume: ""} {
		dir := t.TempDir()
		home := openHome(t, dir, storage.Options{})
		if err := os.WriteFile(filepath.Join(dir, "file"), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"/file", "/fresh"} {
			u, err := home.Create(t.Context(), name, d, 0)
			if err != nil {
				t.Fatal(err)
			}
			broken := errors.New("broken")
			n, err := io.Copy(u, io.MultiReader(strings.NewReader("lost"), iotest.ErrReader(broken)))
			if n != 4 || err == nil {
				t.Errorf("%d: wrote %d bytes, %v", d, n, err)
			}
			if err := u.Commit(); !errors.Is(err, broken) {
				t.Errorf("%d: commit: got %v, want %v", d, err, broken)
			}
			if err := u.Commit(); !errors.Is(err, fs.ErrClosed) {
				t.Errorf("%d: second commit: got %v", d, err)
			}
		}
		got, err := os.ReadFile(filepath.Join(dir, "file"))
		entries, _ := os.ReadDir(dir)
		if string(got) != want || err != nil || len(entries) != 1 {
			t.Errorf("%d: left are %q, %v and %v, want %q alone", d, got, err, entries, want)
		}
	}
}

func TestUpload_followsItsDirectory(t *testing.T) {
	dir := t.TempDir()
	home, err := localfs.Open(dir, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	if err := home.Mkdir(t.Context(), "/a"); err != nil {
		t.Fatal(err)
	}
	u, err := home.Create(t.Context(), "/a/file", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := home.Stat(t.Context(), "/b/file"); err != nil {
		t.Error(err)
	}
}

func TestErrors_nameNoPlace(t *testing.T) {
	dir := t.TempDir()
	home, err := localfs.Open(dir, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	u, err := home.Create(t.Context(), "/file", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	_, writeErr := u.Write([]byte("late"))
	_, readFromErr := u.(io.ReaderFrom).ReadFrom(strings.NewReader("late"))
	r, err := home.Open(t.Context(), "/file", 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	_, readErr := r.Read(make([]byte, 1))
	for _, err := range []error{writeErr, readFromErr, readErr} {
		if err == nil || strings.Contains(err.Error(), dir) || winerr.Of(err) != winerr.NetNameDeleted {
			t.Errorf("got %v (code %d)", err, winerr.Of(err))
		}
	}
}
