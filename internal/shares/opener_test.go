//go:build unix

package shares_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// site is a local root with the homes alice and bob, and one way to it by its
// own path and one by a mapped UNC path.
func site(t *testing.T) (*shares.Opener, string) {
	t.Helper()
	root := t.TempDir()
	for _, home := range []string{"alice", "bob"} {
		if err := os.Mkdir(filepath.Join(root, home), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "bob", "private.txt"), []byte("bob's"), 0o600); err != nil {
		t.Fatal(err)
	}
	local := place(t, root)
	return shares.NewOpener(shares.Policy{
		LocalRoots: []homedir.Location{local},
		PathMap:    []shares.Mapping{{From: place(t, `\\fs01\ftp$`), To: local}},
	}), root
}

func TestOpener_Open_local(t *testing.T) {
	opener, root := site(t)
	for _, location := range []string{root + "/bob", `\\fs01\ftp$\bob`, `\\FS01\FTP$\bob`} {
		home, err := opener.Open(t.Context(), place(t, location), shares.Credentials{})
		if err != nil {
			t.Errorf("%s: %v", location, err)
			continue
		}
		if info, err := home.Stat(t.Context(), "/private.txt"); err != nil || info.Size() != 5 {
			t.Errorf("%s: stat: %v, %v", location, info, err)
		}
		if err := home.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpener_Open_refuses(t *testing.T) {
	opener, root := site(t)
	if err := os.Symlink("bob", filepath.Join(root, "mallory")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc", filepath.Join(root, "etc")); err != nil {
		t.Fatal(err)
	}
	for location, want := range map[string]winerr.Code{
		root + "/absent":          winerr.FileNotFound,
		root + "/mallory":         winerr.CantAccessFile, // a link to another home
		root + "/etc":             winerr.CantAccessFile,
		root + "/bob/private.txt": winerr.Directory,
		filepath.Dir(root):        winerr.AccessDenied,
		`\\fs02\ftp$\bob`:         winerr.AccessDenied,
		`D:\bob`:                  winerr.AccessDenied,
	} {
		home, err := opener.Open(t.Context(), place(t, location), shares.Credentials{})
		if err == nil {
			home.Close()
			t.Errorf("%s is opened", location)
			continue
		}
		if got := winerr.Of(err); got != want {
			t.Errorf("%s: %v (%d), want %d", location, err, got, want)
		}
	}
}

func TestOpener_Check_endsAtTheFirstFailure(t *testing.T) {
	opener, root := site(t)
	steps := func(report shares.Report) (names []string) {
		for _, step := range report.Steps {
			names = append(names, step.Name)
		}
		return names
	}
	report := opener.Check(t.Context(), place(t, root+"/alice"), shares.Credentials{})
	if report.Failed() != nil || len(report.Steps) != 4 {
		t.Errorf("alice: %v, failed %+v", steps(report), report.Failed())
	}
	report = opener.Check(t.Context(), place(t, root+"/absent"), shares.Credentials{})
	if report.Failed() == nil || report.Failed().Name != "directory" || !errors.Is(report.Failed().Err, fs.ErrNotExist) {
		t.Errorf("absent: %v, failed %+v", steps(report), report.Failed())
	}
	report = opener.Check(t.Context(), place(t, `\\evil.example.net\ftp$\alice`), shares.Credentials{})
	if report.Failed() == nil || len(report.Steps) != 1 || report.Failed().Name != "allowed" {
		t.Errorf("foreign server: %v, failed %+v", steps(report), report.Failed())
	}
}

func TestPolicy_CheckProcess(t *testing.T) {
	policy := shares.Policy{LocalRoots: []homedir.Location{place(t, "/srv")}}
	if err := policy.CheckProcess(); (err != nil) != (os.Geteuid() == 0) {
		t.Errorf("as uid %d: %v", os.Geteuid(), err)
	}
	policy.AllowRoot = true
	if err := policy.CheckProcess(); err != nil {
		t.Errorf("with AllowRoot: %v", err)
	}
	if err := (shares.Policy{FileServers: []shares.FileServer{{Pattern: "fs01"}}}).CheckProcess(); err != nil {
		t.Errorf("file servers only: %v", err)
	}
}

func TestOpener_sharesOneTableOfOpenFiles(t *testing.T) {
	opener, root := site(t)
	first, err := opener.Open(t.Context(), place(t, root+"/bob"), shares.Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := opener.Open(t.Context(), place(t, `\\fs01\ftp$\bob`), shares.Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	upload, err := first.Create(t.Context(), "/private.txt", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer upload.Abort(false)
	if _, err := second.Open(t.Context(), "/private.txt", 0); winerr.Of(err) != winerr.SharingViolation {
		t.Errorf("a second session reads a file that is being uploaded: %v", err)
	}
}
