package localfs_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Windows has no named pipes in directories, and links need a right that tests
// do not have.
var (
	symlink func(target, link string) error
	mkfifo  func(path string) error
)

// bound: the read-only mark binds everybody.
func bound(_ *testing.T, _ string, run func()) { run() }

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
	for _, name := range []string{"/hidden", "/plain"} {
		if err := storagetest.Put(t.Context(), home, name, "x"); err != nil {
			t.Fatal(err)
		}
	}
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

func TestRemove_keepsWhatIsReadOnly(t *testing.T) {
	dir := t.TempDir()
	home := openHome(t, dir, storage.Options{})
	if err := storagetest.Put(t.Context(), home, "/file", "x"); err != nil {
		t.Fatal(err)
	}
	if err := home.Mkdir(t.Context(), "/dir"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"file", "dir"} {
		path := filepath.Join(dir, name)
		mark(t, path, windows.FILE_ATTRIBUTE_READONLY)
		defer mark(t, path, windows.FILE_ATTRIBUTE_NORMAL) // so that the test can clean up
	}
	if err := home.Remove(t.Context(), "/file"); winerr.Of(err) != winerr.AccessDenied {
		t.Errorf("file: got %v", err)
	}
	if err := home.RemoveDir(t.Context(), "/dir"); winerr.Of(err) != winerr.AccessDenied {
		t.Errorf("directory: got %v", err)
	}
}

func TestOpen_noticesAStrangerWhoWrites(t *testing.T) {
	dir := t.TempDir()
	home := openHome(t, dir, storage.Options{})
	if err := storagetest.Put(t.Context(), home, "/file", "x"); err != nil {
		t.Fatal(err)
	}
	name, err := windows.UTF16PtrFromString(filepath.Join(dir, "file"))
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := windows.CreateFile(name, windows.GENERIC_WRITE, windows.FILE_SHARE_READ, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := home.Open(t.Context(), "/file", 0); winerr.Of(err) != winerr.SharingViolation {
		t.Errorf("while a stranger writes: got %v", err)
	}
	if err := windows.CloseHandle(stranger); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := home.Open(t.Context(), "/file", 0)
		if err != nil {
			t.Fatalf("after the stranger: %v", err)
		}
		defer r.Close()
	}
}
