package journal_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// expose lets everybody do anything with a file or folder.
func expose(t *testing.T, path string) {
	t.Helper()
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := descriptor.DACL()
	if err == nil {
		err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
			windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The journal decides what undo writes.
func TestStore_isPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	store := journal.At(dir)
	end(t, begin(t, store, "set"))
	file := files(t, dir)[0]
	id := strings.TrimSuffix(filepath.Base(file), ".jsonl")
	if _, err := store.Read(id); err != nil {
		t.Errorf("a run of our own: %v", err)
	}
	expose(t, file)
	if _, err := store.Read(id); err == nil || !strings.Contains(err.Error(), `icacls "`+file) {
		t.Errorf("a run that others can write: %v", err)
	}
	expose(t, dir)
	if _, err := store.Begin(journal.Header{}); err == nil || !strings.Contains(err.Error(), `icacls "`+dir) {
		t.Errorf("a folder that others can write into: %v", err)
	}
}
