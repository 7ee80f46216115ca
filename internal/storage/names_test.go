package storage_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

func TestParts(t *testing.T) {
	for name, want := range map[string][]string{"/": nil, "/a": {"a"}, "/a b/-c/ü": {"a b", "-c", "ü"}, "/...x": {"...x"}} {
		if got, err := storage.Parts(name); err != nil || !slices.Equal(got, want) {
			t.Errorf("Parts(%q) = %q, %v, want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"", "a", "..", "/..", "/a/..", "/a/../b", "/./a", "//", "//a", "/a/", `/a\b`, `\a`, "/a\x00",
		"/...", "/a:b", "/a::$DATA/x", "/CON", "/a/nul.txt", "/a.", "/a /b", "/a*", "/a\nb", "/a\xff", "/" + strings.Repeat("a", 256)} {
		if got, err := storage.Parts(name); winerr.Of(err) != winerr.InvalidName {
			t.Errorf("Parts(%q) = %q, %v", name, got, err)
		}
	}
	temporary := storage.TemporaryName()
	for _, name := range []string{"/" + temporary, "/a/" + temporary, "/" + temporary + "/a", "/" + strings.ToUpper(temporary)} {
		if got, err := storage.Parts(name); winerr.Of(err) != winerr.FileNotFound {
			t.Errorf("Parts(%q) = %q, %v", name, got, err)
		}
	}
}

func TestTemporaryName_isAFreshUsableName(t *testing.T) {
	one, other := storage.TemporaryName(), storage.TemporaryName()
	if one == other || winpath.Check(one) != nil || !storage.IsTemporary(one) {
		t.Errorf("got %q and %q", one, other)
	}
	for _, name := range []string{"", ".", ".~", "file", "x" + one} {
		if storage.IsTemporary(name) {
			t.Errorf("%q is temporary", name)
		}
	}
}

func TestRenameParts_refuses(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		want     winerr.Code
	}{
		{"/a", "/b", winerr.Success}, {"/a", "/ab", winerr.Success}, {"/a", "/a", winerr.Success},
		{"/", "/a", winerr.AccessDenied}, {"/a", "/", winerr.AlreadyExists}, {"/a", "/a/b", winerr.InvalidParameter},
		{"/a/..", "/b", winerr.InvalidName}, {"/a", "b", winerr.InvalidName},
	} {
		if _, _, err := storage.RenameParts(tt.from, tt.to); winerr.Of(err) != tt.want {
			t.Errorf("RenameParts(%q, %q): got %v, want code %d", tt.from, tt.to, err, tt.want)
		}
	}
}

func TestVisible(t *testing.T) {
	for _, tt := range []struct {
		name string
		mode fs.FileMode
		want bool
	}{
		{"file", 0o644, true}, {"dir", fs.ModeDir | 0o755, true}, {".hidden", 0, true}, {"Grüße", 0, true},
		{"link", fs.ModeSymlink, false}, {"junction", fs.ModeSymlink | fs.ModeDir, false}, {"pipe", fs.ModeNamedPipe, false},
		{"device", fs.ModeDevice, false}, {"socket", fs.ModeSocket, false}, {"mount", fs.ModeIrregular | fs.ModeDir, false},
		{".", fs.ModeDir, false}, {"..", fs.ModeDir, false}, {storage.TemporaryName(), 0, false},
		{"a\nb", 0, false}, {"a\x1bb", 0, false}, {"a\xffb", 0, false}, {"../b", 0, false}, {`a\b`, 0, false},
	} {
		if got := storage.Visible(tt.name, tt.mode); got != tt.want {
			t.Errorf("Visible(%q, %v) = %v", tt.name, tt.mode, got)
		}
	}
}
