package w3clog_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// A disk that is full at midnight costs rows, not the server, and not the rows
// after it has room again.
func TestDaily_fullDisk(t *testing.T) {
	w, dir := opened(t)
	name := filepath.Join(dir, "u_ex260309.log")
	if err := os.Symlink("/dev/full", name); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.March, 9, 12, 0, 0, 0, time.UTC)
	for range 3 {
		if err := w.Write(w3clog.Entry{Time: at, Stem: "lost"}); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Write: %v, want disk full", err)
		}
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	write(t, w, "2026-03-09T12:00:01Z", "kept")
	wantLines(t, dir, "u_ex260309.log", "# kept")
}
