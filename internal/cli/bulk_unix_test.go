//go:build unix

package cli_test

import (
	"fmt"
	"syscall"
	"testing"
)

// A reader of the results who leaves does not keep the rest from being done.
func TestImport_readerLeaves(t *testing.T) {
	w, server, list := many(t, 40)
	w.stdout = gone{}
	if code := w.run(t, "import", list, "--yes"); code != 0 || server.Stats().Modifies != 40 {
		t.Errorf("exit code %d, %d changed: %s", code, server.Stats().Modifies, &w.err)
	}
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, fmt.Errorf("write: %w", syscall.EPIPE) }
