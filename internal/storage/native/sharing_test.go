//go:build windows

package native_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	reads  = windows.FILE_READ_DATA
	writes = windows.FILE_WRITE_DATA
	erases = windows.DELETE

	readers = windows.FILE_SHARE_READ
	writers = windows.FILE_SHARE_WRITE
	erasers = windows.FILE_SHARE_DELETE
	all     = readers | writers | erasers
)

// stranger is another process, which opens files when it is told to.
type stranger struct {
	t       *testing.T
	orders  io.Writer
	answers *bufio.Scanner
}

const strangerPlace = "FTPISOCTL_TEST_STRANGER"

// meet starts a stranger, who works in dir.
func meet(t *testing.T, dir string) *stranger {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "-test.run", "^TestStranger$")
	cmd.Env = append(os.Environ(), strangerPlace+"="+dir)
	orders, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = orders.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the other process: %v", err)
		}
	})
	return &stranger{t, orders, bufio.NewScanner(answers)}
}

// ask sends an order and returns the Win32 code of the answer.
func (s *stranger) ask(format string, args ...any) (code winerr.Code) {
	s.t.Helper()
	_, err := fmt.Fprintf(s.orders, format+"\n", args...)
	if err == nil && !s.answers.Scan() {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		_, err = fmt.Sscan(s.answers.Text(), &code)
	}
	if err != nil {
		s.t.Fatalf("the other process: %v", err)
	}
	return code
}

// hold has a file of the folder opened.
func (s *stranger) hold(name string, access, share uint32) winerr.Code {
	s.t.Helper()
	return s.ask("%s %d %d", name, access, share)
}

// letGo has it closed.
func (s *stranger) letGo() {
	s.t.Helper()
	s.ask("-")
}

// TestStranger is what the other process runs: it opens and closes one file after
// the other.
func TestStranger(t *testing.T) {
	dir := os.Getenv(strangerPlace)
	if dir == "" {
		return // nobody has met it
	}
	held := windows.InvalidHandle
	for orders := bufio.NewScanner(os.Stdin); orders.Scan(); {
		var name string
		var access, share uint32
		if _, err := fmt.Sscan(orders.Text(), &name, &access, &share); err != nil {
			_ = windows.CloseHandle(held)
			fmt.Println(0)
			continue
		}
		path, err := windows.UTF16PtrFromString(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		held, err = windows.CreateFile(path, access, share, nil, windows.OPEN_EXISTING, 0, 0)
		fmt.Println(uint32(winerr.Of(err)))
	}
}

// tries are calls on "/file", each of which leaves it as it was, but for the last:
// after an upload of the whole file a stranger has the old one open.
func tries(t *testing.T, home storage.FS) map[string]winerr.Code {
	t.Helper()
	codes := make(map[string]winerr.Code)
	r, err := home.Open(t.Context(), "/file", 0)
	if codes["retr"] = winerr.Of(err); err == nil {
		_ = r.Close()
	}
	upload := func(d storage.Disposition) winerr.Code {
		u, err := home.Create(t.Context(), "/file", d, 0)
		if err == nil {
			err = u.Commit()
		}
		return winerr.Of(err)
	}
	codes["appe"] = upload(storage.Append)
	codes["rnfr"] = winerr.Of(home.Rename(t.Context(), "/file", "/moved", false))
	if codes["rnfr"] == winerr.Success {
		wantCode(t, "rename back", home.Rename(t.Context(), "/moved", "/file", false), winerr.Success)
	}
	codes["stor"] = upload(storage.Replace)
	_, err = home.Stat(t.Context(), "/file")
	wantCode(t, "stat", err, winerr.Success)
	return codes
}

// refused are the calls that find the file in use.
func refused(codes map[string]winerr.Code) string {
	var names []string
	for _, name := range []string{"retr", "stor", "appe", "rnfr"} {
		switch codes[name] {
		case winerr.Success:
		case winerr.SharingViolation:
			names = append(names, name)
		default:
			names = append(names, fmt.Sprint(name, " with ", uint32(codes[name])))
		}
	}
	return strings.Join(names, ", ")
}

// What another process has open is used as far as it shares it.
func TestSharing_withAStranger(t *testing.T) {
	for name, tt := range map[string]struct {
		access, share  uint32
		plain, reading string // what is refused, and with ReadUploads
	}{
		"reads, shares all":       {reads, all, "appe", ""},
		"reads, shares erasing":   {reads, readers | erasers, "appe", "appe"},
		"reads, shares reading":   {reads, readers, "stor, appe, rnfr", "stor, appe, rnfr"},
		"reads, shares nothing":   {reads, 0, "retr, stor, appe, rnfr", "retr, stor, appe, rnfr"},
		"writes, shares all":      {writes, all, "retr, stor, appe", "stor, appe"},
		"writes, shares reading":  {writes, readers, "retr, stor, appe, rnfr", "stor, appe, rnfr"},
		"writes, shares nothing":  {writes, 0, "retr, stor, appe, rnfr", "retr, stor, appe, rnfr"},
		"looks at the attributes": {windows.FILE_READ_ATTRIBUTES, 0, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			home, reading := openHome(t, dir, storage.Options{}), openHome(t, dir, storage.Options{ReadUploads: true})
			put(t, home, "/file")
			other := meet(t, dir)
			for want, home := range map[*string]storage.FS{&tt.plain: home, &tt.reading: reading} {
				wantCode(t, "the stranger", orNil(other.hold("file", tt.access, tt.share)), winerr.Success)
				if got := refused(tries(t, home)); got != *want {
					t.Errorf("reading uploads %v: refused are %q, want %q", home == reading, got, *want)
				}
				other.letGo()
			}
			if got := refused(tries(t, home)); got != "" {
				t.Errorf("afterwards: refused are %q", got)
			}
		})
	}
}

func orNil(code winerr.Code) error {
	if code == winerr.Success {
		return nil
	}
	return code
}

// What is transferred here is shared with other processes as far as it can be.
func TestSharing_ofTransfers(t *testing.T) {
	upload := func(d storage.Disposition) func(*testing.T, storage.FS) func() error {
		return func(t *testing.T, home storage.FS) func() error {
			u, err := home.Create(t.Context(), "/file", d, 0)
			if err != nil {
				t.Fatal(err)
			}
			return u.Commit
		}
	}
	download := func(t *testing.T, home storage.FS) func() error {
		r, err := home.Open(t.Context(), "/file", 0)
		if err != nil {
			t.Fatal(err)
		}
		return r.Close
	}
	for name, tt := range map[string]struct {
		begin                func(*testing.T, storage.FS) (end func() error)
		opt                  storage.Options
		read, written, freed winerr.Code // what reading, writing and deleting meet
	}{
		"download":                  {download, storage.Options{}, winerr.Success, winerr.SharingViolation, winerr.Success},
		"upload":                    {upload(storage.Replace), storage.Options{}, winerr.SharingViolation, winerr.SharingViolation, winerr.Success},
		"upload in place":           {upload(storage.Append), storage.Options{}, winerr.SharingViolation, winerr.SharingViolation, winerr.SharingViolation},
		"upload, read":              {upload(storage.Replace), storage.Options{ReadUploads: true}, winerr.Success, winerr.SharingViolation, winerr.Success},
		"upload in place, read":     {upload(storage.Resume), storage.Options{ReadUploads: true}, winerr.Success, winerr.SharingViolation, winerr.SharingViolation},
		"download beside an upload": {download, storage.Options{ReadUploads: true}, winerr.Success, winerr.Success, winerr.Success},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			home := openHome(t, dir, tt.opt)
			put(t, home, "/file")
			other := meet(t, dir)
			end := tt.begin(t, home)
			for access, want := range map[uint32]winerr.Code{reads: tt.read, writes: tt.written, erases: tt.freed} {
				if got := other.hold("file", access, all); got != want {
					t.Errorf("access %#x: got code %d, want %d", access, got, want)
				}
				other.letGo()
			}
			if err := end(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A reader who shares deleting keeps what he has, and everybody else gets the new
// file at once.
func TestReplace_ofAFileInUse(t *testing.T) {
	dir := t.TempDir()
	home := openHome(t, dir, storage.Options{})
	put(t, home, "/file")
	other := meet(t, dir)
	wantCode(t, "the stranger", orNil(other.hold("file", reads, readers|erasers)), winerr.Success)
	u, err := home.Create(t.Context(), "/file", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(u, "the new content"); err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	if info, err := home.Stat(t.Context(), "/file"); err != nil || info.Size() != int64(len("the new content")) {
		t.Errorf("got %v, %v", info, err)
	}
	other.letGo()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
}
