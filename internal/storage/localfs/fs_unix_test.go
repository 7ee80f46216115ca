//go:build unix

package localfs_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
)

func mkfifo(path string) error { return syscall.Mkfifo(path, 0o666) }

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
