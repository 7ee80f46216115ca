//go:build lab && linux

package localfs_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// mount puts a small file system over dir; the lab has mounts of its own.
func mount(t *testing.T, dir string) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}

func TestUpload_ontoAFullDisk(t *testing.T) {
	dir := t.TempDir()
	mount(t, dir)
	home := openHome(t, dir, storage.Options{})
	for d, want := range map[storage.Disposition]string{storage.Replace: "old", storage.Append: "old", storage.Resume: ""} {
		client, server := pair(t)
		go func() {
			_, _ = client.Write(make([]byte, 4<<20))
			_ = client.CloseWrite()
		}()
		for what, from := range map[string]io.Reader{"splice": server, "write": bytes.NewReader(make([]byte, 4<<20))} {
			if err := os.WriteFile(filepath.Join(dir, "file"), []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			u, err := home.Create(t.Context(), "/file", d, 0)
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.Copy(u, from)
			if winerr.Of(err) != winerr.DiskFull {
				t.Errorf("%d, %s: got %v", d, what, err)
			}
			if err := u.Commit(); winerr.Of(err) != winerr.DiskFull {
				t.Errorf("%d, %s: commit after a lost byte: got %v", d, what, err)
			}
			got, err := os.ReadFile(filepath.Join(dir, "file"))
			entries, _ := os.ReadDir(dir)
			if string(got) != want || err != nil || len(entries) != 1 {
				t.Errorf("%d, %s: got %.20q, %v, %v, want %q", d, what, got, err, entries, want)
			}
		}
	}
}

// Who may not give a file away may still give it one of his own groups.
func TestCreate_keepsTheGroup(t *testing.T) {
	const nobody, own, other = 65534, 65533, 65532
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	home := openHome(t, dir, storage.Options{})
	err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chown(path, 0, own), os.Chmod(path, 0o664),
		os.Chown(dir, nobody, other), os.Chmod(dir, 0o700|os.ModeSetgid))
	if err != nil {
		t.Fatal(err)
	}
	bound(t, dir, func() {
		before, _ := unix.SetfsgidRetGid(own)
		defer func() { _, _ = unix.SetfsgidRetGid(before) }()
		u, err := home.Create(t.Context(), "/file", storage.Replace, 0)
		if err == nil {
			err = u.Commit()
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if sys := info.Sys().(*syscall.Stat_t); sys.Uid != nobody || sys.Gid != own || info.Mode() != 0o664 {
		t.Errorf("the file belongs to %d and %d, mode %v; want %d, %d and 664", sys.Uid, sys.Gid, info.Mode(), nobody, own)
	}
}

func TestChecklist_P2_mountBelowTheHome(t *testing.T) {
	dir := t.TempDir()
	inner := filepath.Join(dir, "inner")
	if err := os.Mkdir(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	mount(t, inner)
	home, crossing := openHome(t, dir, storage.Options{}), openHome(t, dir, storage.Options{Trusted: []string{inner}})
	for _, name := range []string{"/inner", "/inner/x"} {
		if _, err := home.Create(t.Context(), name, storage.Replace, 0); winerr.Of(err) != winerr.CantAccessFile {
			t.Errorf("create %s: got %v", name, err)
		}
		if err := home.Mkdir(t.Context(), name+"/y"); winerr.Of(err) != winerr.CantAccessFile {
			t.Errorf("mkdir below %s: got %v", name, err)
		}
	}
	u, err := crossing.Create(t.Context(), "/inner/x", storage.New, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := crossing.Rename(t.Context(), "/inner/x", "/x", false); winerr.Of(err) != winerr.NotSameDevice {
		t.Errorf("rename to another device: got %v", err)
	}
}

const transfer = "FTPISOCTL_TEST_TRANSFER"

// TestTransfer_copiesNothing runs the next test once more under strace and looks
// at how the bytes went: by sendfile and splice, not through this program.
func TestTransfer_copiesNothing(t *testing.T) {
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-o", trace, "-e", "trace=read,write,sendfile,splice,copy_file_range",
		os.Args[0], "-test.run", "^TestTransfer_once$")
	cmd.Env = append(os.Environ(), transfer+"="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	large := func(call string) (n int) {
		for _, line := range lines {
			_, result, ok := strings.Cut(line, " = ")
			// A call that another thread interrupts takes two lines; its result is on the second.
			ours := strings.Contains(line, call+"(") || strings.Contains(line, "<... "+call+" resumed>")
			if ok && ours && len(strings.Fields(result)[0]) >= len("10000") {
				n++
			}
		}
		return n
	}
	if sent, spliced := large("sendfile"), large("splice"); sent == 0 || spliced == 0 {
		t.Errorf("%d calls of sendfile and %d of splice moved more than 10,000 bytes", sent, spliced)
	}
	if read, written := large("read"), large("write"); read != 0 || written != 1 {
		t.Errorf("%d reads and %d writes moved more than 10,000 bytes; want none and the one that made the file", read, written)
	}
}

func TestTransfer_once(t *testing.T) {
	dir := os.Getenv(transfer)
	if dir == "" {
		dir = t.TempDir()
	}
	const size = 8 << 20
	content := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	if err := os.WriteFile(filepath.Join(dir, "from"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	home := openHome(t, dir, storage.Options{})
	r, err := home.Open(t.Context(), "/from", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	u, err := home.Create(t.Context(), "/to", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	sender, receiver := pair(t)
	sent := make(chan error, 1)
	go func() {
		_, err := io.CopyN(sender, r, size)
		sent <- errors.Join(err, sender.CloseWrite())
	}()
	n, err := io.CopyN(u, receiver, size+1)
	if n != size || !errors.Is(err, io.EOF) {
		t.Errorf("received %d, %v", n, err)
	}
	if err := errors.Join(<-sent, u.Commit()); err != nil {
		t.Fatal(err)
	}
	if os.Getenv(transfer) != "" {
		return // reading it back would be a large read
	}
	if got, err := os.ReadFile(filepath.Join(dir, "to")); err != nil || !slices.Equal(got, content) {
		t.Errorf("what arrived differs: %d bytes, %v", len(got), err)
	}
}
