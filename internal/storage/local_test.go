package storage_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestWrap_namesNoPlace(t *testing.T) {
	dir := t.TempDir()
	_, open := os.Open(filepath.Join(dir, "absent"))
	rename := os.Rename(filepath.Join(dir, "absent"), filepath.Join(dir, "other"))
	for _, err := range []error{open, rename} {
		got := storage.Wrap("call", "/name", err)
		if winerr.Of(got) != winerr.FileNotFound || strings.Contains(got.Error(), dir) || !strings.HasPrefix(got.Error(), "call /name: ") {
			t.Errorf("got %v", got)
		}
	}
	if err := storage.Wrap("call", "/name", nil); err != nil {
		t.Errorf("nothing became %v", err)
	}
}

func TestDownload(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	must(t, "write", os.WriteFile(path, []byte("content"), 0o600))
	opt := storage.Options{OpenFiles: storage.NewOpenFiles(), ReadUploads: true}
	reading := storage.Reading{Key: path, Name: "/file", Offset: 3}
	d, err := reading.Download(opt, func(string) (*os.File, error) { return os.Open(path) })
	must(t, "download", err)
	if got, err := io.ReadAll(d); string(got) != "tent" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := opt.OpenFiles.Write(path, "", true); winerr.Of(err) != winerr.SharingViolation {
		t.Errorf("an upload beside it: %v", err)
	}
	must(t, "close", d.Close())
	if _, err := d.Read(make([]byte, 1)); winerr.Of(err) != winerr.NetNameDeleted || strings.Contains(err.Error(), dir) {
		t.Errorf("after the end: %v", err)
	}
	release, err := opt.OpenFiles.Write(path, "arriving", true)
	must(t, "upload after it", err)
	_, err = reading.Download(opt, func(temporary string) (*os.File, error) {
		if temporary != "arriving" {
			t.Errorf("got the temporary name %q", temporary)
		}
		return nil, winerr.AccessDenied
	})
	if winerr.Of(err) != winerr.AccessDenied {
		t.Errorf("got %v", err)
	}
	release()
	reading.Offset = 8
	if _, err := reading.Download(opt, func(string) (*os.File, error) { return os.Open(path) }); winerr.Of(err) != winerr.HandleEOF {
		t.Errorf("behind the end: %v", err)
	}
	// What was refused holds nothing back.
	release, err = opt.OpenFiles.Write(path, "", true)
	must(t, "upload", err)
	release()
}

func TestRenaming_Over(t *testing.T) {
	dir := t.TempDir()
	look := func(name string) fs.FileInfo {
		info, err := os.Stat(filepath.Join(dir, name))
		must(t, "stat", err)
		return info
	}
	for _, name := range []string{"file", "other"} {
		must(t, "write", os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	must(t, "mkdir", os.Mkdir(filepath.Join(dir, "dir"), 0o700))
	file, other, folder := look("file"), look("other"), look("dir")
	for _, tt := range []struct {
		r              storage.Renaming
		source, target fs.FileInfo
		over           bool
		want           winerr.Code
	}{
		{storage.Renaming{From: "/file", To: "/new"}, file, nil, false, winerr.Success},
		{storage.Renaming{From: "/file", To: "/new", Replace: true}, file, nil, true, winerr.Success},
		{storage.Renaming{From: "/file", To: "/other"}, file, other, false, winerr.AlreadyExists},
		{storage.Renaming{From: "/file", To: "/other", Replace: true}, file, other, true, winerr.Success},
		{storage.Renaming{From: "/file", To: "/dir", Replace: true}, file, folder, true, winerr.AlreadyExists},
		{storage.Renaming{From: "/dir", To: "/file", Replace: true}, folder, file, false, winerr.AlreadyExists},
		{storage.Renaming{From: "/dir", To: "/new", Replace: true}, folder, nil, false, winerr.Success},
		{storage.Renaming{From: "/file", To: "/FILE"}, file, file, true, winerr.Success},
		{storage.Renaming{From: "/dir", To: "/DIR"}, folder, folder, true, winerr.Success},
		{storage.Renaming{From: "/dir", To: "/dir", Replace: true}, folder, folder, false, winerr.AlreadyExists},
		{storage.Renaming{From: "/file", To: "/FILE"}, file, other, false, winerr.AlreadyExists}, // where letter case counts
	} {
		over, err := tt.r.Over(tt.source, tt.target)
		if winerr.Of(err) != tt.want || err == nil && over != tt.over {
			t.Errorf("%+v: got %v, %v, want %v, code %d", tt.r, over, err, tt.over, tt.want)
		}
	}
}
