package ftpsrv_test

import (
	"os"
	"path/filepath"
	"testing"
)

// A file that another program has open for writing is not read half-way, and what
// it holds stays. On shares the lab plays the same dialog.
func TestChecklist_W5_filesOpenElsewhere(t *testing.T) {
	dialogs(t, "retr_sharing_violation")
	dir := t.TempDir()
	s := newSite(t, nil)
	s.root, s.session = folder(t, dir)
	s.put(t, "/a.txt", []byte("half a li"))
	s.start(t)
	other, err := os.OpenFile(filepath.Join(dir, "a.txt"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, s.addr)
	c.login()
	for _, command := range []string{"RETR a.txt", "HASH a.txt"} {
		if reply, data := c.exchange(command); reply != "550 The process cannot access the file because it is being used by another process. " || data != "" {
			t.Errorf("%s: got %q and %q", command, reply, data)
		}
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if got := string(c.retr("a.txt")); got != "half a li" {
		t.Errorf("the file holds %q", got)
	}
}
