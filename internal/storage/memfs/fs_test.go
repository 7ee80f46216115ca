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
	open := func(*testing.T) (storage.FS, string) { return memfs.New(), "" }
	storagetest.Run(t, open, storagetest.Features{
		Session: func(_ *testing.T, first storage.FS, _ string) storage.FS { return first.(*memfs.FS).Session() },
		ReadUploads: func(*testing.T) storage.FS {
			return memfs.NewWithOptions(storage.Options{ReadUploads: true})
		},
	})
}

func TestSetCapacity_isAFullDisk(t *testing.T) {
	home := memfs.New()
	home.SetCapacity(10)
	if err := storagetest.Put(t.Context(), home, "/a", "123456"); err != nil {
		t.Fatal(err)
	}
	if err := storagetest.Put(t.Context(), home, "/b", "12345"); winerr.Of(err) != winerr.DiskFull {
		t.Errorf("got %v, want code %d", err, winerr.DiskFull)
	}
	space, err := home.Statfs(t.Context())
	if err != nil || space != (storage.Space{Total: 10, Free: 4}) {
		t.Errorf("got %+v, %v", space, err)
	}
	if err := home.Remove(t.Context(), "/a"); err != nil {
		t.Fatal(err)
	}
	if err := storagetest.Put(t.Context(), home, "/b", "1234567890"); err != nil {
		t.Errorf("after the removal: %v", err)
	}
	if err := storagetest.Put(t.Context(), home, "/b", ""); err != nil {
		t.Fatal(err)
	}
	if space, err := home.Statfs(t.Context()); err != nil || space.Free != 10 {
		t.Errorf("an empty home has %+v, %v", space, err)
	}
}

// A byte that was lost is not promised by Commit, which then leaves what was there.
func TestCommit_afterALostByte(t *testing.T) {
	for d, want := range map[storage.Disposition]string{storage.Replace: "old", storage.Append: "old", storage.Resume: ""} {
		home := memfs.New()
		if err := storagetest.Put(t.Context(), home, "/file", "old"); err != nil {
			t.Fatal(err)
		}
		home.SetCapacity(7)
		for _, name := range []string{"/file", "/fresh"} {
			u, err := home.Create(t.Context(), name, d, 0)
			if err != nil {
				t.Fatal(err)
			}
			_, first := io.WriteString(u, "1234")
			_, lost := io.WriteString(u, "5678")
			_, again := io.WriteString(u, "")
			if err := u.Commit(); first != nil || winerr.Of(lost) != winerr.DiskFull || again != nil || winerr.Of(err) != winerr.DiskFull {
				t.Errorf("%d: got %v, %v, %v and at last %v", d, first, lost, again, err)
			}
		}
		r, err := home.Open(t.Context(), "/file", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); string(got) != want || err != nil {
			t.Errorf("%d: the file holds %q, %v, want %q", d, got, err, want)
		}
		if _, err := home.Stat(t.Context(), "/fresh"); winerr.Of(err) != winerr.FileNotFound {
			t.Errorf("%d: of a fresh file there is %v", d, err)
		}
		if space, err := home.Statfs(t.Context()); err != nil || space.Total-space.Free != uint64(len(want)) {
			t.Errorf("%d: the space is %+v, %v", d, space, err)
		}
	}
}

func BenchmarkUpload(b *testing.B) {
	home, content := memfs.New(), strings.Repeat("x", 4<<10)
	b.SetBytes(int64(len(content)))
	for i := range b.N {
		if err := storagetest.Put(b.Context(), home, fmt.Sprintf("/%d", i%100), content); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDownload(b *testing.B) {
	home := memfs.New()
	const size = 16 << 20
	if err := storagetest.Put(b.Context(), home, "/f", strings.Repeat("x", size)); err != nil {
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
