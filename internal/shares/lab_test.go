//go:build lab

package shares_test

import (
	"errors"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// A namespace is recognised, and followed where the configuration says so.
func TestOpener_namespaces_lab(t *testing.T) {
	servers := []shares.FileServer{{Pattern: lab.FileServer}}
	as := shares.NewCredentials(lab.NetBIOS, string(lab.Alice), lab.Domain, lab.Alice.Password(t))
	onServer, inDomain := place(t, `\\`+lab.FileServer+`\ftpdfs\homes`), place(t, `\\`+lab.Domain+`\ftpdfs`)
	behind := place(t, `\\`+lab.FileServer+`\`+lab.Share)
	plain := shares.NewOpener(shares.Policy{FileServers: servers})
	for _, namespace := range []homedir.Location{onServer, inDomain} {
		if _, err := plain.Open(t.Context(), namespace.Below("alice"), as); !errors.Is(err, smbfs.ErrDFS) {
			t.Errorf("%s: %v", namespace, err)
		}
		opener := shares.NewOpener(shares.Policy{FileServers: servers, DFS: []shares.Mapping{{From: namespace, To: behind}}})
		home, err := opener.Open(t.Context(), namespace.Below("alice"), as)
		if err != nil {
			t.Errorf("%s: %v", namespace, err)
			continue
		}
		if err := home.Close(); err != nil {
			t.Error(err)
		}
		if report := opener.Check(t.Context(), namespace.Below("alice"), as); report.Failed() != nil || report.Protection != shares.Signed {
			t.Errorf("%s: %+v", namespace, report)
		}
		session, err := opener.Enter(t.Context(), namespace.Below("alice"), as)
		if err != nil {
			t.Fatal(err)
		}
		if folder, err := session.Folder(t.Context(), ""); err != nil {
			t.Error(err)
		} else if e, err := folder.Look(t.Context(), "alice"); err != nil || !e.Dir {
			t.Errorf("%+v, %v", e, err)
		}
		_ = session.Close()
	}
}
