//go:build unix

package localfs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestCreate_keepsTheMode(t *testing.T) {
	dir := t.TempDir()
	home, err := localfs.Open(dir, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	for _, want := range []os.FileMode{0o600, 0o640, 0o664} {
		path := filepath.Join(dir, "file")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, want); err != nil {
			t.Fatal(err)
		}
		u, err := home.Create(t.Context(), "/file", storage.Replace, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := u.Commit(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != want {
			t.Errorf("got %v, %v, want %v", info.Mode(), err, want)
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
