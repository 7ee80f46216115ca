package memfs_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/memfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestConformance(t *testing.T) {
	storagetest.Run(t, func(*testing.T) storage.FS { return memfs.New() }, storagetest.Features{
		Session: func(_ *testing.T, first storage.FS) storage.FS { return first.(*memfs.FS).Session() },
		ReadUploads: func(*testing.T) storage.FS {
			return memfs.NewWithOptions(storage.Options{ReadUploads: true})
		},
	})
}

func upload(t testing.TB, home storage.FS, name, content string) error {
	t.Helper()
	u, err := home.Create(t.Context(), name, storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(u, content); err != nil {
		_ = u.Abort(false)
		return err
	}
	return u.Commit()
}

func TestSetCapacity_isAFullDisk(t *testing.T) {
	home := memfs.New()
	home.SetCapacity(10)
	if err := upload(t, home, "/a", "123456"); err != nil {
		t.Fatal(err)
	}
	if err := upload(t, home, "/b", "12345"); winerr.Of(err) != winerr.DiskFull {
		t.Errorf("got %v, want code %d", err, winerr.DiskFull)
	}
	space, err := home.Statfs(t.Context())
	if err != nil || space != (storage.Space{Total: 10, Free: 4}) {
		t.Errorf("got %+v, %v", space, err)
	}
	if err := home.Remove(t.Context(), "/a"); err != nil {
		t.Fatal(err)
	}
	if err := upload(t, home, "/b", "1234567890"); err != nil {
		t.Errorf("after the removal: %v", err)
	}
	if err := upload(t, home, "/b", ""); err != nil {
		t.Fatal(err)
	}
	if space, err := home.Statfs(t.Context()); err != nil || space.Free != 10 {
		t.Errorf("an empty home has %+v, %v", space, err)
	}
}

func BenchmarkUpload(b *testing.B) {
	home, content := memfs.New(), strings.Repeat("x", 4<<10)
	b.SetBytes(int64(len(content)))
	for i := range b.N {
		if err := upload(b, home, fmt.Sprintf("/%d", i%100), content); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDownload(b *testing.B) {
	home := memfs.New()
	const size = 16 << 20
	if err := upload(b, home, "/f", strings.Repeat("x", size)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	for b.Loop() {
		r, err := home.Open(b.Context(), "/f", 0)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); n != size || err != nil {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkList(b *testing.B) {
	home := memfs.New()
	for i := range 10_000 {
		if err := home.Mkdir(b.Context(), fmt.Sprintf("/%05d", i)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		entries, err := home.List(b.Context(), "/")
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range entries {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
