//go:build unix

package localfs_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func openHome(t *testing.T, dir string, opt storage.Options) *localfs.FS {
	t.Helper()
	home, err := localfs.Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = home.Close() })
	return home
}

func TestConformance(t *testing.T) {
	for name, opt := range map[string]storage.Options{"plain": {}, "synced": {SyncUploads: true}} {
		t.Run(name, func(t *testing.T) { conform(t, opt) })
	}
}

func conform(t *testing.T, opt storage.Options) {
	opt.OpenFiles = storage.NewOpenFiles()
	open := func(t *testing.T) (storage.FS, string) {
		dir := t.TempDir()
		return openHome(t, dir, opt), dir
	}
	storagetest.Run(t, open, storagetest.Features{
		OnDisk: true,
		Session: func(t *testing.T, _ storage.FS, dir string) storage.FS {
			return openHome(t, dir, opt)
		},
		ReadUploads: func(t *testing.T) storage.FS {
			return openHome(t, t.TempDir(), storage.Options{ReadUploads: true})
		},
		Bound:   bound,
		Symlink: os.Symlink,
		Mkfifo:  func(path string) error { return syscall.Mkfifo(path, 0o666) },
	})
}

func TestOpen_refuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string]winerr.Code{
		filepath.Join(dir, "absent"): winerr.FileNotFound,
		file:                         winerr.Directory,
	} {
		home, err := localfs.Open(place, storage.Options{})
		if err == nil {
			_ = home.Close()
		}
		if winerr.Of(err) != want {
			t.Errorf("Open(%s): got %v, want code %d", filepath.Base(place), err, want)
		}
	}
}
