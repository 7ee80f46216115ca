//go:build unix

package cli_test

import (
	"fmt"
	"strings"
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

// A journal that cannot be read is told once, whatever it was to be read for.
func TestMistakes_journalIsAFile(t *testing.T) {
	w, _ := domainWithPassword(t)
	w.variables["FTPISOCTL_JOURNAL"] = file(t, "journal", "")
	code := w.run(t, "set", "bob", "--dir", "bobby")
	if said := w.err.String(); code != 1 || strings.Count(said, "list the journal") != 1 || strings.ContainsRune(said, '\uFFFD') {
		t.Errorf("exit code %d:\n%s", code, said)
	}
}
