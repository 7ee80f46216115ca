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
	if err := os.Chmod(dir, 0o770); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.At(dir).Begin(journal.Header{}); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("a folder that others can write into: %v", err)
	}
}
