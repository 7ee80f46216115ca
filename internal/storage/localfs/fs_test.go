package localfs_test

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// homes remembers where the homes of one test run lie.
type homes struct {
	mu   sync.Mutex
	dirs map[storage.FS]string
	opt  storage.Options
}

func (h *homes) open(t *testing.T, dir string) storage.FS {
	t.Helper()
	home, err := localfs.Open(dir, h.opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = home.Close() })
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dirs[home] = dir
	return home
}

func (h *homes) dir(home storage.FS) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dirs[home]
}

func TestConformance(t *testing.T) {
	for name, opt := range map[string]storage.Options{"plain": {}, "synced": {SyncUploads: true}} {
		t.Run(name, func(t *testing.T) { conform(t, opt) })
	}
}

func conform(t *testing.T, opt storage.Options) {
	opt.OpenFiles = storage.NewOpenFiles()
	h := &homes{dirs: make(map[storage.FS]string), opt: opt}
	reading := &homes{dirs: h.dirs, opt: storage.Options{ReadUploads: true}}
	features := storagetest.Features{
		CaseInsensitive: runtime.GOOS == "windows",
		ReadOnlyFiles:   os.Geteuid() != 0, // root may write to everything
		Session: func(t *testing.T, first storage.FS) storage.FS {
			return h.open(t, h.dir(first))
		},
		ReadUploads: func(t *testing.T) storage.FS { return reading.open(t, t.TempDir()) },
		Dir:         h.dir,
		Symlink:     symlink,
		Mkfifo:      mkfifo,
	}
	storagetest.Run(t, func(t *testing.T) storage.FS { return h.open(t, t.TempDir()) }, features)
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
