//go:build unix

package localfs_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
)

func benchHome(b *testing.B) (*localfs.FS, string) {
	b.Helper()
	dir := b.TempDir()
	home, err := localfs.Open(dir, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = home.Close() })
	return home, dir
}

// BenchmarkUpload is a STOR without its connection.
func BenchmarkUpload(b *testing.B) {
	for _, size := range []int{4 << 10, 1 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			home, _ := benchHome(b)
			content := make([]byte, size)
			b.SetBytes(int64(size))
			for i := 0; b.Loop(); i++ {
				u, err := home.Create(b.Context(), fmt.Sprintf("/%d", i%100), storage.Replace, 0)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := u.Write(content); err != nil {
					b.Fatal(err)
				}
				if err := u.Commit(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDownload sends to a TCP connection, as a RETR does.
func BenchmarkDownload(b *testing.B) {
	for _, size := range []int64{4 << 10, 64 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			home, dir := benchHome(b)
			if err := os.WriteFile(filepath.Join(dir, "file"), make([]byte, size), 0o600); err != nil {
				b.Fatal(err)
			}
			server, client := pair(b)
			go func() { _, _ = io.Copy(io.Discard, client) }()
			b.SetBytes(size)
			for b.Loop() {
				r, err := home.Open(b.Context(), "/file", 0)
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.CopyN(server, r, size); n != size || err != nil {
					b.Fatal(n, err)
				}
				_ = r.Close()
			}
		})
	}
}

func BenchmarkList(b *testing.B) {
	home, dir := benchHome(b)
	for i := range 10_000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("file-%05d", i)), nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		entries, err := home.List(b.Context(), "/")
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range entries {
			if n++; err != nil {
				b.Fatal(err)
			}
		}
		if n != 10_000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkStat(b *testing.B) {
	home, dir := benchHome(b)
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700); err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"/a", "/a/b"} {
		b.Run(name[1:], func(b *testing.B) {
			for b.Loop() {
				if _, err := home.Stat(b.Context(), name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
