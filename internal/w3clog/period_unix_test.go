//go:build unix

package w3clog_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// logrotate moves the file away and says so. Windows lets nobody move a log that is
// open.
func TestRoll_takesUpAMovedFile(t *testing.T) {
	w, dir := opened(t)
	write(t, w, time.Now().UTC().Format(time.RFC3339), "before")
	files, _ := filepath.Glob(filepath.Join(dir, "*.log"))
	name := files[len(files)-1]
	if err := os.Rename(name, name+".1"); err != nil {
		t.Fatal(err)
	}
	write(t, w, time.Now().UTC().Format(time.RFC3339), "between")
	if err := w.Roll(); err != nil {
		t.Fatal(err)
	}
	write(t, w, time.Now().UTC().Format(time.RFC3339), "after")
	wantLines(t, dir, filepath.Base(name)+".1", "# before between")
	wantLines(t, dir, filepath.Base(name), "# after")
}
