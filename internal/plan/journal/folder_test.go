package journal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// What is kept of directories is a contract, too: undo reads what an earlier version
// has written. Whoever settles one kind of runs leaves the others to those who can.
func TestStore_foldersArePinned(t *testing.T) {
	dir := t.TempDir()
	s := journal.At(dir)
	end(t, begin(t, s, "import"))
	r, err := s.Begin(journal.Header{Command: "shares mkdir", Domain: "corp.example.com", Kind: journal.Folders})
	if err != nil {
		t.Fatal(err)
	}
	change := journal.FolderChange{Place: `\\fs01\ftp$\alice`, After: &journal.FolderState{SDDL: "O:BAD:P"}}
	if _, err := r.Intend([]journal.Entry{{User: `CORP\alice`, Folder: &change}, {User: `CORP\bob`, Folder: &change}}); err != nil {
		t.Fatal(err)
	}
	record(t, r, journal.Outcome{N: 1, State: journal.Done, Made: &journal.FolderState{SDDL: "O:BAD:P", Created: "inode 7"}})
	if err := r.Leave(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, r.Header.ID+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"kind":"folders"`,
		`"folder":{"place":"\\\\fs01\\ftp$\\alice","after":{"sddl":"O:BAD:P"}}`,
		`"n":1,"state":"done","made":{"sddl":"O:BAD:P","created":"inode 7"}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got\n%swant %s", text, want)
		}
	}
	if homes, err := s.Abandoned(journal.Homes); err != nil || len(homes) != 0 {
		t.Errorf("runs of homes: %v, %v", homes, err)
	}
	adopted, err := s.Abandoned(journal.Folders)
	if err != nil || len(adopted) != 1 {
		t.Fatalf("runs of folders: %v, %v", adopted, err)
	}
	if open := adopted[0].Unsettled(); len(open) != 1 || *open[0].Folder.After != *change.After {
		t.Errorf("open are %+v", open)
	}
	if err := adopted[0].Leave(); err != nil {
		t.Fatal(err)
	}
	if h, err := s.Read(r.Header.ID); err != nil || h.Ended || h.Entries[0].Made.Created != "inode 7" {
		t.Errorf("a run that was left: %+v, %v", h, err)
	}
}
