package localfs_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	moved := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b"))
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	want := "/b/file"
	if moved != nil { // Windows keeps a directory with open files where it is
		want = "/a/file"
	}
	if _, err := home.Stat(t.Context(), want); err != nil {
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
