//go:build lab && unix

package smbfs_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
)

func target() smbfs.Target {
	return smbfs.Target{Host: lab.FileServer, Share: lab.Share, Timeout: 20 * time.Second}
}

// kerberos and ntlm are the two ways in.
func kerberos(t testing.TB, who lab.Account) smbfs.Login {
	return smbfs.Login{
		Domain: lab.NetBIOS, User: string(who), Password: who.Password(t), Kerberos: &smbfs.Kerberos{Realm: lab.Domain},
	}
}

func ntlm(t testing.TB, who lab.Account) smbfs.Login {
	return smbfs.Login{Domain: lab.NetBIOS, User: string(who), Password: who.Password(t), AllowNTLM: true}
}

func open(t testing.TB, l smbfs.Login, dir string, opt storage.Options) *smbfs.FS {
	t.Helper()
	home, err := smbfs.Dial(t.Context(), target(), l, dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = home.Close() })
	return home
}

// What goes around the library arrives as it was, from the place on where it belongs.
func TestUpload_unsigned_lab(t *testing.T) {
	as := kerberos(t, lab.Alice)
	as.Unsigned = true
	home := open(t, as, "alice", storage.Options{})
	local := filepath.Join(lab.ShareDir(), "alice", "direct.bin")
	t.Cleanup(func() { _ = os.Remove(local) })
	octets := make([]byte, 9<<20+3)
	if _, err := rand.Read(octets); err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		how        storage.Disposition
		from, size int
	}{{storage.Replace, 0, 1}, {storage.Replace, 0, 5 << 20}, {storage.Append, 5 << 20, 7}, {storage.Resume, 1<<20 + 1, len(octets) - 1<<20 - 1}} {
		var offset int64
		if part.how == storage.Resume {
			offset = int64(part.from)
		}
		upload, err := home.Create(t.Context(), "/direct.bin", part.how, offset)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(upload, bytes.NewReader(octets[part.from:][:part.size])); err != nil {
			t.Fatal(err)
		}
		if err := upload.Commit(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(local); err != nil || !bytes.Equal(got, octets[:part.from+part.size]) {
			t.Fatalf("%+v: %d octets, %v", part, len(got), err)
		}
	}
}

// homes makes empty homes below alice's, each behaviour one of its own.
type homes struct {
	alice *smbfs.FS
	next  atomic.Int64
}

func (h *homes) empty(t *testing.T, l smbfs.Login, opt storage.Options) (storage.FS, string) {
	t.Helper()
	dir := fmt.Sprintf("conformance-%d", h.next.Add(1))
	if err := h.alice.Mkdir(t.Context(), "/"+dir); err != nil {
		t.Fatal(err)
	}
	return open(t, l, `alice\`+dir, opt), filepath.Join(lab.ShareDir(), "alice", dir)
}

func TestConformance(t *testing.T) {
	h := &homes{alice: open(t, kerberos(t, lab.Alice), "alice", storage.Options{})}
	t.Run("kerberos", func(t *testing.T) {
		h.conform(t, kerberos(t, lab.Alice), storage.Options{})
	})
	t.Run("ntlm, unsigned", func(t *testing.T) { // where an upload's octets go around the library
		as := ntlm(t, lab.Alice)
		as.Unsigned = true
		h.conform(t, as, storage.Options{SyncUploads: true})
	})
}

func (h *homes) conform(t *testing.T, l smbfs.Login, opt storage.Options) {
	opt.OpenFiles = storage.NewOpenFiles()
	storagetest.Run(t, func(t *testing.T) (storage.FS, string) { return h.empty(t, l, opt) }, storagetest.Features{
		CaseInsensitive: true,
		ReadersBlock:    true,
		ServerFollows:   true,
		OnDisk:          true,
		Session: func(t *testing.T, _ storage.FS, dir string) storage.FS {
			return open(t, l, `alice\`+filepath.Base(dir), opt)
		},
		ReadUploads: func(t *testing.T) storage.FS {
			home, _ := h.empty(t, l, storage.Options{ReadUploads: true})
			return home
		},
		Symlink: os.Symlink,
	})
}
