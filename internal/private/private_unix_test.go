//go:build !windows

package private_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/private"
)

func TestReadersAndWriters_ofModes(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	root := os.Getuid() == 0 && os.Getgid() == 0
	for mode, want := range map[os.FileMode]struct{ read, written bool }{
		0o600: {}, 0o400: {}, 0o700: {}, 0o644: {true, false}, 0o604: {true, false}, 0o660: {true, true},
		0o606: {true, true}, 0o620: {true, true}, 0o640: {!root, false}, // the group of root is root
	} {
		if err := f.Chmod(mode); err != nil {
			t.Fatal(err)
		}
		for what, tt := range map[string]struct {
			ask  func(*os.File) (string, error)
			want bool
		}{"readers": {private.Readers, want.read}, "writers": {private.Writers, want.written}} {
			who, err := tt.ask(f)
			if err != nil || (who != "") != tt.want {
				t.Errorf("mode %04o: %s are %q, %v; want some %v", mode, what, who, err, tt.want)
			}
		}
	}
	if want, got := "chmod 600 "+f.Name(), private.Advice(f, "mode 0644"); got != want {
		t.Errorf("got the advice %q, want %q", got, want)
	}
}
