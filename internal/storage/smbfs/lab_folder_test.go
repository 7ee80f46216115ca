//go:build lab && unix

package smbfs_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// logged returns a session with fs01 for the account.
func logged(t *testing.T, as smbfs.Login) *smbfs.Session {
	t.Helper()
	s, err := smbfs.Connect(t.Context(), target())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Login(t.Context(), as); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSession_Shares_lab(t *testing.T) {
	shares, err := logged(t, kerberos(t, lab.Administrator)).Shares(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, disk := range map[string]bool{lab.Share: true, lab.EncryptedShare: true, "IPC$": false} {
		i := slices.IndexFunc(shares, func(s smbfs.ShareInfo) bool { return s.Name == name })
		if i < 0 || shares[i].Disk != disk || shares[i].Special == disk {
			t.Errorf("%s: %+v", name, shares)
		}
	}
}

func TestFolder_lab(t *testing.T) {
	session := logged(t, kerberos(t, lab.Administrator))
	ctx := t.Context()
	folder, err := session.Folder(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	if e, err := folder.Look(ctx, "alice"); err != nil || !e.Dir || e.Link || e.Name != "alice" {
		t.Errorf("alice's home: %+v, %v", e, err)
	}
	found := 0
	for e, err := range folder.Entries(ctx, "") {
		if err != nil {
			t.Fatal(err)
		}
		if e.Dir && (e.Name == "alice" || e.Name == "bob") {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d homes of two", found)
	}
	if space, err := folder.Space(ctx, "alice"); err != nil || space.Total == 0 || space.Available > space.Free {
		t.Errorf("space: %+v, %v", space, err)
	}
	const made = `common\admin made this`
	if err := folder.Mkdir(ctx, made); err != nil {
		t.Fatal(err)
	}
	// The owner and the access list of alice's home fit another directory as they are.
	raw, err := folder.Descriptor(ctx, "alice")
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.SetDescriptor(ctx, made, raw); err != nil {
		t.Fatal(err)
	}
	if again, err := folder.Descriptor(ctx, made); err != nil || !bytes.Equal(again, raw) {
		t.Errorf("set  %x\nread %x, %v", raw, again, err)
	}
	if home := open(t, kerberos(t, lab.Alice), made, storage.Options{}); storagetest.Put(ctx, home, "/mine", "x") != nil {
		t.Error("its owner may not write into it")
	}
	if _, err := smbfs.Dial(ctx, target(), kerberos(t, lab.Bob), made, storage.Options{}); winerr.Of(err) != winerr.AccessDenied {
		t.Errorf("bob: %v", err)
	}
	if err := folder.RemoveEmpty(ctx, made); winerr.Of(err) != winerr.DirNotEmpty {
		t.Errorf("remove what is not empty: %v", err)
	}
	if err := os.Remove(filepath.Join(lab.ShareDir(), "common", "admin made this", "mine")); err != nil {
		t.Fatal(err)
	}
	if err := folder.RemoveEmpty(ctx, made); err != nil {
		t.Errorf("remove what is empty: %v", err)
	}
	if err := folder.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if _, err := session.Folder(ctx, "no such share"); winerr.Of(err) != winerr.BadNetName {
		t.Errorf("a share that is not there: %v", err)
	}
}

// fs01 demands nothing but encryption on one share; a DC demands signing.
func TestSession_Protection_lab(t *testing.T) {
	for _, tt := range []struct {
		host, share string
		unsigned    bool
		want        string
	}{
		{lab.FileServer, lab.Share, false, "signed"}, {lab.FileServer, lab.Share, true, "unsigned"},
		{lab.FileServer, lab.EncryptedShare, false, "encrypted"}, {lab.FileServer, lab.EncryptedShare, true, "encrypted"},
		{lab.DC, "netlogon", true, "signed"},
	} {
		as := kerberos(t, lab.Alice)
		as.Unsigned = tt.unsigned
		session, err := smbfs.Connect(t.Context(), smbfs.Target{Host: tt.host, Share: tt.share})
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		if err := session.Login(t.Context(), as); err != nil {
			t.Fatal(err)
		}
		folder, err := session.Folder(t.Context(), "")
		if err == nil {
			_, err = folder.Look(t.Context(), "")
		}
		if got := session.Protection(); err != nil || got != tt.want {
			t.Errorf("%s on %s, unsigned %v: %s, %v, want %s", tt.share, tt.host, tt.unsigned, got, err, tt.want)
		}
	}
}
