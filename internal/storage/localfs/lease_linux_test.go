package localfs_test

import (
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// shm returns a directory of a file system that knows leases, whatever holds the
// temporary files of this machine.
func shm(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "localfs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// The folder for temporary files lies on ext4 or xfs on a machine, on an overlay in a
// container.
func TestOpen_noticesAStrangerWhoWrites(t *testing.T) {
	for name, dir := range map[string]string{"memory": shm(t), "temporary folder": t.TempDir()} {
		t.Run(name, func(t *testing.T) { strangerWrites(t, dir) })
	}
}

func strangerWrites(t *testing.T, dir string) {
	t.Helper()
	home, reading := openHome(t, dir, storage.Options{}), openHome(t, dir, storage.Options{ReadUploads: true})
	stranger, err := os.OpenFile(filepath.Join(dir, "file"), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	if _, err := home.Open(t.Context(), "/file", 0); winerr.Of(err) != winerr.SharingViolation {
		t.Errorf("while a stranger writes: got %v", err)
	}
	r, err := reading.Open(t.Context(), "/file", 0)
	if err != nil {
		t.Fatalf("where uploads may be read: %v", err)
	}
	defer r.Close()
	if err := stranger.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the question leaves nothing behind that would answer the next one
		r, err := home.Open(t.Context(), "/file", 0)
		if err != nil {
			t.Fatalf("after the stranger: %v", err)
		}
		defer r.Close()
	}
	writer, err := os.OpenFile(filepath.Join(dir, "file"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatalf("writing while it is downloaded: %v", err)
	}
	_ = writer.Close()
}

// hold takes a read lease, as Samba or an NFS server would.
func hold(t *testing.T, path string) (giveBack func()) {
	t.Helper()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	giveBack = sync.OnceFunc(func() { _ = unix.Close(fd) })
	t.Cleanup(giveBack)
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_RDLCK); err != nil {
		t.Fatal(err)
	}
	return giveBack
}

func TestCreate_waitsForALease(t *testing.T) {
	dir := shm(t)
	home := openHome(t, dir, storage.Options{})
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, hold(t, path))
	u, err := home.Create(t.Context(), "/file", storage.Append, 0)
	if err != nil {
		t.Fatalf("a lease that is given back: %v", err)
	}
	if err := u.Commit(); err != nil {
		t.Fatal(err)
	}
	hold(t, path)
	if _, err := home.Create(t.Context(), "/file", storage.Append, 0); winerr.Of(err) != winerr.SharingViolation {
		t.Errorf("a lease that is kept: got %v", err)
	}
}

func TestChecklist_P2_otherDevices(t *testing.T) {
	for _, tt := range []struct {
		opt  storage.Options
		want winerr.Code
	}{
		{storage.Options{}, winerr.CantAccessFile},
		{storage.Options{Trusted: []string{"/dev/shm", "/absent"}}, winerr.CantAccessFile},
		{storage.Options{Trusted: []string{"/dev/shm", "/proc/sys"}}, winerr.Success},
	} {
		home := openHome(t, "/", tt.opt)
		for _, name := range []string{"/proc", "/proc/sys/kernel/ostype"} {
			_, err := home.Stat(t.Context(), name)
			if got := winerr.Of(err); got != tt.want {
				t.Errorf("%+v: stat %s: got %v, want code %d", tt.opt, name, err, tt.want)
			}
		}
		r, err := home.Open(t.Context(), "/proc/sys/kernel/ostype", 0)
		if got := winerr.Of(err); got != tt.want {
			t.Errorf("%+v: open: got %v, want code %d", tt.opt, err, tt.want)
		}
		if err == nil {
			if text, err := io.ReadAll(r); string(text) != "Linux\n" {
				t.Errorf("got %q, %v", text, err)
			}
			_ = r.Close()
		}
	}
}
