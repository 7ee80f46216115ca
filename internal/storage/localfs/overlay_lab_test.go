//go:build lab && linux

package localfs_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// overlay returns a directory whose layers lie on two file systems, as in a
// container: files there show another device than directories do.
func overlay(t *testing.T) string {
	t.Helper()
	dir, layers := t.TempDir(), t.TempDir()
	lower, upper := filepath.Join(layers, "lower"), filepath.Join(layers, "upper")
	for _, layer := range []string{lower, upper} {
		if err := os.Mkdir(layer, 0o700); err != nil {
			t.Fatal(err)
		}
		mount(t, layer)
	}
	for _, part := range []string{"data", "work"} {
		if err := os.Mkdir(filepath.Join(upper, part), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(lower, "old"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	options := "lowerdir=" + lower + ",upperdir=" + upper + "/data,workdir=" + upper + "/work"
	if err := unix.Mount("overlay", dir, "overlay", 0, options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

func TestOverlay_filesOfEveryLayerBelongToTheHome(t *testing.T) {
	dir := overlay(t)
	home := openHome(t, dir, storage.Options{})
	if info, err := home.Stat(t.Context(), "/old"); err != nil || info.Size() != 3 {
		t.Errorf("a file of the lower layer: %v, %v", info, err)
	}
	u, err := home.Create(t.Context(), "/new", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/old", "/new"} {
		r, err := home.Open(t.Context(), name, 0)
		if err != nil {
			t.Errorf("open %s: %v", name, err)
			continue
		}
		_ = r.Close()
	}
	entries, err := home.List(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, err := range entries {
		if err != nil {
			t.Fatal(err)
		}
		seen++
	}
	if seen != 2 {
		t.Errorf("%d entries are listed, want 2", seen)
	}
}

func TestOverlay_mountBelowTheHomeIsRefused(t *testing.T) {
	dir := overlay(t)
	inner := filepath.Join(dir, "inner")
	if err := os.Mkdir(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	mount(t, inner)
	if err := os.WriteFile(filepath.Join(inner, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	home := openHome(t, dir, storage.Options{})
	for _, name := range []string{"/inner", "/inner/file"} {
		if _, err := home.Stat(t.Context(), name); winerr.Of(err) != winerr.CantAccessFile {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
