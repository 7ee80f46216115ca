//go:build lab && unix

package smbfs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
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
	mu    sync.Mutex
	dirs  map[storage.FS]string
	login smbfs.Login
	alice *smbfs.FS
	next  atomic.Int64
	opt   storage.Options
}

func (h *homes) empty(t *testing.T, opt storage.Options) storage.FS {
	t.Helper()
	dir := fmt.Sprintf("conformance-%d", h.next.Add(1))
	if err := h.alice.Mkdir(t.Context(), "/"+dir); err != nil {
		t.Fatal(err)
	}
	return h.open(t, dir, opt)
}

func (h *homes) open(t *testing.T, dir string, opt storage.Options) storage.FS {
	t.Helper()
	home := open(t, h.login, `alice\`+dir, opt)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dirs[home] = dir
	return home
}

func (h *homes) dir(home storage.FS) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dirs[home]
}

func TestConformance(t *testing.T) {
	login := kerberos(t, lab.Alice)
	h := &homes{
		dirs: make(map[storage.FS]string), login: login, opt: storage.Options{OpenFiles: storage.NewOpenFiles()},
		alice: open(t, login, "alice", storage.Options{}),
	}
	storagetest.Run(t, func(t *testing.T) storage.FS { return h.empty(t, h.opt) }, storagetest.Features{
		CaseInsensitive: true,
		ReadersBlock:    true,
		ServerFollows:   true,
		Session: func(t *testing.T, first storage.FS) storage.FS {
			return h.open(t, h.dir(first), h.opt)
		},
		ReadUploads: func(t *testing.T) storage.FS { return h.empty(t, storage.Options{ReadUploads: true}) },
		Dir: func(home storage.FS) string {
			return filepath.Join(lab.ShareDir(), "alice", h.dir(home))
		},
		Symlink: os.Symlink,
	})
}

func TestConformance_ntlm(t *testing.T) {
	login := ntlm(t, lab.Alice)
	h := &homes{
		dirs: make(map[storage.FS]string), login: login, opt: storage.Options{OpenFiles: storage.NewOpenFiles(), SyncUploads: true},
		alice: open(t, login, "alice", storage.Options{}),
	}
	h.next.Store(1000)
	storagetest.Run(t, func(t *testing.T) storage.FS { return h.empty(t, h.opt) }, storagetest.Features{
		CaseInsensitive: true,
		ReadersBlock:    true,
		Session:         func(t *testing.T, first storage.FS) storage.FS { return h.open(t, h.dir(first), h.opt) },
		ReadUploads:     func(t *testing.T) storage.FS { return h.empty(t, storage.Options{ReadUploads: true}) },
	})
}
