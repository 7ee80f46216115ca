//go:build !windows

package journal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// The journal tells who has which home, and decides what undo writes.
func TestStore_isPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	end(t, begin(t, journal.At(dir), "set"))
	for path, want := range map[string]os.FileMode{dir: 0o700, files(t, dir)[0]: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	store := journal.At(dir)
	file := files(t, dir)[0]
	id := strings.TrimSuffix(filepath.Base(file), ".jsonl")
	if err := os.Chmod(file, 0o620); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Read(id); err == nil || !strings.Contains(err.Error(), "chmod 600 "+file) {
		t.Errorf("a run that others can write: %v", err)
	}
	if runs, err := store.Runs(); err != nil || len(runs) != 1 || runs[0].Problem == "" {
		t.Errorf("the list has %+v, %v, want one with a problem", runs, err)
	}
	if err := os.Chmod(dir, 0o770); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.At(dir).Begin(journal.Header{}); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("a folder that others can write into: %v", err)
	}
}
