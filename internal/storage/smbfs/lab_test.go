//go:build lab && unix

package smbfs_test

import (
	"fmt"
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
	t.Run("ntlm", func(t *testing.T) {
		h.conform(t, ntlm(t, lab.Alice), storage.Options{SyncUploads: true})
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
