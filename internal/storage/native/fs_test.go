//go:build windows

package native_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/native"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func openHome(t *testing.T, dir string, opt storage.Options) *native.FS {
	t.Helper()
	home, err := native.Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = home.Close() })
	return home
}

func put(t *testing.T, home storage.FS, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := storagetest.Put(t.Context(), home, name, "x"); err != nil {
			t.Fatal(err)
		}
	}
}

func mkdir(t *testing.T, home storage.FS, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := home.Mkdir(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
}

// wantCode compares the code of an error.
func wantCode(t *testing.T, what string, err error, want winerr.Code) {
	t.Helper()
	if got := winerr.Of(err); got != want {
		t.Errorf("%s: got %v (code %d), want code %d", what, err, got, want)
	}
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
		CaseInsensitive: true,
		OnDisk:          true,
		Session: func(t *testing.T, _ storage.FS, dir string) storage.FS {
			return openHome(t, dir, opt)
		},
		ReadUploads: func(t *testing.T) storage.FS {
			return openHome(t, t.TempDir(), storage.Options{ReadUploads: true})
		},
		Bound: func(_ *testing.T, _ string, run func()) { run() }, // the read-only mark binds everybody
		// Symbolic links need a right that tests do not have; TestReparsePoints has junctions. Folders hold no pipes.
	})
}

func TestOpenWithin(t *testing.T) {
	base := t.TempDir()
	if err := os.MkdirAll(filepath.Join(base, "alice", "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(base, "alice", "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for rel, want := range map[string]winerr.Code{
		"":               winerr.Success,
		"alice":          winerr.Success,
		"ALICE/In":       winerr.Success,
		"alice/file":     winerr.Directory,
		"alice/file/x":   winerr.PathNotFound,
		"alice/absent":   winerr.FileNotFound,
		"absent/absent":  winerr.PathNotFound,
		"ALICE~1":        winerr.InvalidName,
		"../x":           winerr.InvalidName,
		"alice/../alice": winerr.InvalidName,
		"/alice":         winerr.InvalidName,
		"alice/in::$I30": winerr.InvalidName,
	} {
		home, err := native.OpenWithin(base, rel, storage.Options{})
		if err == nil {
			err = home.Close()
		}
		wantCode(t, rel, err, want)
	}
	for place, want := range map[string]winerr.Code{"absent": winerr.FileNotFound, `alice\file`: winerr.Directory} {
		_, err := native.Open(filepath.Join(base, place), storage.Options{})
		wantCode(t, place, err, want)
	}
}

func TestOpenWithin_sharesUploadsWithOtherSpellings(t *testing.T) {
	base, table := t.TempDir(), storage.NewOpenFiles()
	if err := os.Mkdir(filepath.Join(base, "alice"), 0o700); err != nil {
		t.Fatal(err)
	}
	inner, err := native.OpenWithin(base, "alice", storage.Options{OpenFiles: table})
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	outer := openHome(t, strings.ToUpper(base)+`\.`, storage.Options{OpenFiles: table})
	u, err := inner.Create(t.Context(), "/file", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Abort(false)
	_, err = outer.Create(t.Context(), "/Alice/FILE", storage.Replace, 0)
	wantCode(t, "another spelling", err, winerr.SharingViolation)
}

func mark(t *testing.T, path string, attributes uint32) {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err == nil {
		err = windows.SetFileAttributes(name, attributes)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestList_tellsWhatIsHidden(t *testing.T) {
	dir := t.TempDir()
	home := openHome(t, dir, storage.Options{})
	put(t, home, "/hidden", "/plain")
	mark(t, filepath.Join(dir, "hidden"), windows.FILE_ATTRIBUTE_HIDDEN)
	entries, err := home.List(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for entry, err := range entries {
		if err != nil {
			t.Fatal(err)
		}
		h, ok := entry.(interface{ Hidden() bool })
		if got := ok && h.Hidden(); got != (entry.Name() == "hidden") {
			t.Errorf("%s: hidden is %v", entry.Name(), got)
		}
		seen++
	}
	if seen != 2 {
		t.Errorf("%d entries, want 2", seen)
	}
}

func TestReadOnlyFile_stays(t *testing.T) {
	dir := t.TempDir()
	home := openHome(t, dir, storage.Options{})
	put(t, home, "/file", "/other")
	path := filepath.Join(dir, "file")
	mark(t, path, windows.FILE_ATTRIBUTE_READONLY)
	defer mark(t, path, windows.FILE_ATTRIBUTE_NORMAL) // so that the test can clean up
	wantCode(t, "remove", home.Remove(t.Context(), "/file"), winerr.AccessDenied)
	wantCode(t, "rename onto it", home.Rename(t.Context(), "/other", "/file", true), winerr.AccessDenied)
	wantCode(t, "rename", home.Rename(t.Context(), "/file", "/moved", false), winerr.Success)
	wantCode(t, "rename back", home.Rename(t.Context(), "/moved", "/file", false), winerr.Success)
}

func TestReadOnlyDirectory_stays(t *testing.T) {
	dir := t.TempDir()
	home := openHome(t, dir, storage.Options{})
	mkdir(t, home, "/dir")
	path := filepath.Join(dir, "dir")
	mark(t, path, windows.FILE_ATTRIBUTE_READONLY)
	defer mark(t, path, windows.FILE_ATTRIBUTE_NORMAL)
	wantCode(t, "rmdir", home.RemoveDir(t.Context(), "/dir"), winerr.AccessDenied)
}
