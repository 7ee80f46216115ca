//go:build lab && unix

package smbfs_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// A directory gets a name that is free, and no other; it is the same one afterwards.
func TestFolder_labRename(t *testing.T) {
	session, err := smbfs.Connect(t.Context(), target())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	if err := session.Login(t.Context(), kerberos(t, lab.Alice)); err != nil {
		t.Fatal(err)
	}
	share, err := session.Folder(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(lab.ShareDir(), "alice")
	t.Cleanup(func() {
		for _, name := range []string{"one", "two", "taken", "file"} {
			_ = os.RemoveAll(filepath.Join(disk, name))
		}
	})
	for _, name := range []string{"one", "taken", "taken/inside"} {
		if err := share.Mkdir(t.Context(), "alice/"+name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(disk, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	before, err := share.Look(t.Context(), "alice/one")
	if err != nil || before.Created.IsZero() {
		t.Fatalf("%+v, %v", before, err)
	}
	for _, test := range []struct {
		from, to string
		want     error
	}{
		{"one", "taken", winerr.AlreadyExists},
		{"one", "TAKEN", winerr.AlreadyExists},
		{"one", "file", winerr.AlreadyExists},
		{"one", "gone/two", winerr.PathNotFound},
		{"gone", "two", winerr.FileNotFound},
		{"file", "two", winerr.Directory},
		{"one", "two:stream", winerr.InvalidName},
		{"one", "two", nil},
	} {
		if err := share.Rename(t.Context(), "alice/"+test.from, "alice/"+test.to); !errors.Is(err, test.want) {
			t.Errorf("%s to %s: got %v, want %v", test.from, test.to, err, test.want)
		}
	}
	after, err := share.Look(t.Context(), "alice/two")
	if err != nil || !after.Created.Equal(before.Created) {
		t.Errorf("got %+v, %v, want what was made at %v", after, err, before.Created)
	}
}
