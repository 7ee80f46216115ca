package private_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/private"
)

// protect gives a file or folder an access control list; USER stands for the
// account of this process.
func protect(t *testing.T, path, sddl string) {
	t.Helper()
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := windows.SecurityDescriptorFromString(strings.ReplaceAll(sddl, "USER", user.User.Sid.String()))
	if err != nil {
		t.Fatal(err)
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	handle, err := windows.CreateFile(name, windows.WRITE_DAC, 0, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = windows.CloseHandle(handle) }()
	if err := windows.SetKernelObjectSecurity(handle, windows.DACL_SECURITY_INFORMATION, descriptor); err != nil {
		t.Fatal(err)
	}
}

// exposed tells who else can read and who else can write.
func exposed(t *testing.T, path string) (readers, writers string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if readers, err = private.Readers(f); err == nil {
		writers, err = private.Writers(f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return readers, writers
}

func TestReadersAndWriters_ofAccessLists(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	const own = "D:P(A;;FA;;;USER)(A;;FA;;;SY)(A;;FA;;;BA)"
	for sddl, want := range map[string]struct{ read, written bool }{
		own:                   {},
		"D:P(A;;FA;;;USER)":   {},
		own + "(A;;FR;;;WD)":  {true, false},
		own + "(A;;FA;;;WD)":  {true, true},
		own + "(A;;0x2;;;WD)": {true, true}, // write, and no more
	} {
		for _, path := range []string{file, dir} {
			protect(t, path, sddl)
			readers, writers := exposed(t, path)
			if (readers != "") != want.read || (writers != "") != want.written {
				t.Errorf("%s: readers are %q, writers %q; want some %v, %v", sddl, readers, writers, want.read, want.written)
			}
		}
	}
}

// In a folder that everybody may write to, ours is still ours, and so is what is
// made in it.
func TestMakeFolder(t *testing.T) {
	above := t.TempDir()
	protect(t, above, "D:P(A;OICI;FA;;;WD)")
	dir := filepath.Join(above, "a", "journal")
	for range 2 {
		if err := private.MakeFolder(dir); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, file} {
		if readers, writers := exposed(t, path); readers != "" || writers != "" {
			t.Errorf("%s: readers are %q, writers %q", path, readers, writers)
		}
	}
	if err := private.MakeFolder(file); err == nil {
		t.Error("a file is taken for a folder")
	}
}

func TestAdvice(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for who, want := range map[string]string{
		`CORP\bob`:            `:(OI)(CI)F" /remove:g "CORP\bob"`,
		`CORP\bob, the owner`: `" /setowner "`,
		"everybody":           `:(OI)(CI)F"`,
	} {
		got := private.Advice(f, who)
		if !strings.HasPrefix(got, `icacls "`+dir+`" `) || !strings.Contains(got, want) || strings.Contains(got, "everybody") {
			t.Errorf("%s: got %s, want it to have %s", who, got, want)
		}
	}
}
