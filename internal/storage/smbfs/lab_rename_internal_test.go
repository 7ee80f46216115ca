//go:build lab && unix

package smbfs

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// What the library's rename does with an empty directory of the name is why Rename
// looks first, and what its comment says of Samba.
func TestRenameOver_labAnEmptyDirectory(t *testing.T) {
	s, err := Connect(t.Context(), Target{Host: lab.FileServer, Share: lab.Share, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	login := Login{Domain: lab.NetBIOS, User: string(lab.Alice), Password: lab.Alice.Password(t), Kerberos: &Kerberos{Realm: lab.Domain}}
	if err := s.Login(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	share, err := s.Folder(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"source", "empty"} {
		t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(lab.ShareDir(), "alice", name)) })
		if err := share.Mkdir(t.Context(), "alice/"+name); err != nil {
			t.Fatal(err)
		}
	}
	err = share.renameOver(t.Context(), []string{"alice", "source"}, []string{"alice", "empty"})
	if err != nil {
		t.Errorf("over an empty directory: %v; then Rename need not look first, and docs/file-servers.md need not warn", err)
	}
}
