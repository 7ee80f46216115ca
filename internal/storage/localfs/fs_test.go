package localfs_test

import (
	"fmt"
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

func TestOpenWithin_trustsOnlyTheBase(t *testing.T) {
	base, outside := t.TempDir(), t.TempDir()
	for _, dir := range []string{"alice", "alice/in"} {
		if err := os.Mkdir(filepath.Join(base, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(base, "alice", "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"out": outside, "inner": "in"} {
		if err := os.Symlink(target, filepath.Join(base, "alice", link)); err != nil {
			t.Fatal(err)
		}
	}
	for rel, want := range map[string]winerr.Code{
		"":               winerr.Success,
		"alice":          winerr.Success,
		"alice/in":       winerr.Success,
		"alice/out":      winerr.CantAccessFile,
		"alice/inner":    winerr.CantAccessFile,
		"alice/inner/x":  winerr.CantAccessFile,
		"alice/file":     winerr.Directory,
		"alice/file/x":   winerr.PathNotFound,
		"alice/absent":   winerr.FileNotFound,
		"absent/absent":  winerr.PathNotFound,
		"../" + "x":      winerr.InvalidName,
		"alice/../alice": winerr.InvalidName,
		"/alice":         winerr.InvalidName,
	} {
		home, err := localfs.OpenWithin(base, rel, storage.Options{})
		if err == nil {
			defer home.Close()
		}
		if got := winerr.Of(err); got != want {
			t.Errorf("OpenWithin(%q): got %v (code %d), want code %d", rel, err, got, want)
		}
	}
}

func TestOpenWithin_sharesUploadsWithOtherSpellings(t *testing.T) {
	base, table := t.TempDir(), storage.NewOpenFiles()
	if err := os.Mkdir(filepath.Join(base, "alice"), 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(base, link); err != nil {
		t.Fatal(err)
	}
	inner, err := localfs.OpenWithin(base, "alice", storage.Options{OpenFiles: table})
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	outer, err := localfs.Open(link, storage.Options{OpenFiles: table})
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	u, err := inner.Create(t.Context(), "/file", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Abort(false)
	if _, err := outer.Create(t.Context(), "/alice/file", storage.Replace, 0); winerr.Of(err) != winerr.SharingViolation {
		t.Errorf("got %v, want a sharing violation", err)
	}
}

func TestList_hidesWhatCannotBeNamed(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the system refuses such names itself
	}
	dir := t.TempDir()
	for _, name := range []string{"good", "new\nline", "esc\x1b[31m", "latin\xe4"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	home, err := localfs.Open(dir, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	entries, err := home.List(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for entry, err := range entries {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, entry.Name())
	}
	if fmt.Sprint(names) != "[good]" {
		t.Errorf("got %q", names)
	}
}
