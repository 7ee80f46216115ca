//go:build windows

package native_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/native"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// junction makes link lead to target, which takes no right but that to the folder
// (Microsoft, REPARSE_DATA_BUFFER).
func junction(t *testing.T, target, link string) {
	t.Helper()
	if err := os.Mkdir(link, 0o700); err != nil {
		t.Fatal(err)
	}
	name, err := windows.UTF16PtrFromString(link)
	if err != nil {
		t.Fatal(err)
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = windows.CloseHandle(handle) }()
	substitute := utf16.Encode([]rune(`\??\` + target))
	names := append(append(substitute, 0), 0) // the name for people is empty
	var buffer []byte
	buffer = binary.LittleEndian.AppendUint32(buffer, windows.IO_REPARSE_TAG_MOUNT_POINT)
	for _, n := range []int{8 + 2*len(names), 0, 0, 2 * len(substitute), 2*len(substitute) + 2, 0} {
		buffer = binary.LittleEndian.AppendUint16(buffer, uint16(n))
	}
	for _, unit := range names {
		buffer = binary.LittleEndian.AppendUint16(buffer, unit)
	}
	var n uint32
	if err := windows.DeviceIoControl(handle, windows.FSCTL_SET_REPARSE_POINT, &buffer[0], uint32(len(buffer)), nil, 0, &n, nil); err != nil {
		t.Fatalf("make a junction: %v", err)
	}
}

// A junction is a directory that lies elsewhere, and nothing of it can be used.
func TestReparsePoints(t *testing.T) {
	base, outside := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	home := openHome(t, base, storage.Options{})
	put(t, home, "/bait")
	junction(t, outside, filepath.Join(base, "link"))
	for _, name := range []string{"/link", "/link/secret", "/link/new"} {
		_, stat := home.Stat(t.Context(), name)
		_, list := home.List(t.Context(), name)
		_, open := home.Open(t.Context(), name, 0)
		_, stor := home.Create(t.Context(), name, storage.Replace, 0)
		_, appe := home.Create(t.Context(), name, storage.Append, 0)
		for call, err := range map[string]error{
			"stat": stat, "list": list, "open": open, "stor": stor, "appe": appe,
			"time": home.SetModTime(t.Context(), name, time.Now()), "remove": home.Remove(t.Context(), name),
			"rmdir": home.RemoveDir(t.Context(), name), "rename": home.Rename(t.Context(), name, "/stolen", true),
		} {
			wantCode(t, call+" "+name, err, winerr.CantAccessFile)
		}
	}
	wantCode(t, "mkdir", home.Mkdir(t.Context(), "/link/made"), winerr.CantAccessFile)
	wantCode(t, "rename", home.Rename(t.Context(), "/bait", "/link/bait", true), winerr.CantAccessFile)
	_, err := native.OpenWithin(base, "link", storage.Options{})
	wantCode(t, "a home", err, winerr.CantAccessFile)
	if left, err := os.ReadDir(outside); err != nil || len(left) != 1 {
		t.Errorf("outside there are %v, %v", left, err)
	}
}
