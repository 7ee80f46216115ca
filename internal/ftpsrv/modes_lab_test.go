//go:build lab

package ftpsrv_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// Rows 1.1 to 1.11, with 1.9, for which the client needs a privileged port, over
// IPv6 for sure, and with the home on a share.
func TestRows_lab(t *testing.T) {
	homes := map[string]func(testing.TB) (storage.FS, func() storage.FS){"memfs": nil, "localfs": localHome, "smbfs": shareHome}
	for storage, home := range homes {
		for name, m := range protections(home) {
			t.Run(name+"/"+storage, func(t *testing.T) {
				// One after the other, since there is one port to come from.
				playIn(t, "testdata/dialog/lab/low_port_passive.txtar", m)
				if m.v6 || storage == "smbfs" {
					playRows(t, m, rowDialogs)
				}
			})
		}
	}
}

// shareHome is a new folder in alice's home on the file server.
func shareHome(t testing.TB) (storage.FS, func() storage.FS) {
	dir, open := strings.NewReplacer("/", "-", " ", "-", ".", "-").Replace(t.Name()), storage.NewOpenFiles()
	session := func(dir string) *smbfs.FS {
		to := smbfs.Target{Host: lab.FileServer, Share: lab.Share}
		root, err := smbfs.Dial(context.Background(), to, smbfs.Login{
			Domain: lab.NetBIOS, User: string(lab.Alice), Password: lab.Alice.Password(t),
			Kerberos: &smbfs.Kerberos{Realm: lab.Domain},
		}, dir, storage.Options{OpenFiles: open})
		if err != nil {
			panic(err) // a session's goroutine may be here
		}
		t.Cleanup(func() { _ = root.Close() })
		return root
	}
	if err := session("alice").Mkdir(t.Context(), "/"+dir); err != nil {
		t.Fatal(err)
	}
	dir = `alice\` + dir
	return session(dir), func() storage.FS { return session(dir) }
}
