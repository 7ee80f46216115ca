package storage_test

import (
	"path"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

func TestResolve(t *testing.T) {
	tests := []struct{ cwd, arg, want string }{
		{"/", "", "/"}, {"/a", "", "/a"}, {"/a", ".", "/a"}, {"/a", "b", "/a/b"}, {"/a", "/b", "/b"},
		{"/a/b", "..", "/a"}, {"/a", "../../../..", "/"}, {"/", "..", "/"}, {"/a", `..\..\b`, "/b"},
		{"/a", `\b\c`, "/b/c"}, {"/", "//b///c/", "/b/c"}, {"/", "a/./b/../c", "/a/c"}, {"/", "./", "/"},
		{"/", "-rf", "/-rf"}, {"/", "a b", "/a b"}, {"/", "Ü", "/Ü"}, {"/", "%2e%2e", "/%2e%2e"},
	}
	for _, tt := range tests {
		got, err := storage.Resolve(tt.cwd, tt.arg)
		if err != nil || got != tt.want {
			t.Errorf("Resolve(%q, %q) = %q, %v, want %q", tt.cwd, tt.arg, got, err, tt.want)
		}
	}
}

func TestResolve_refuses(t *testing.T) {
	long := strings.Repeat("a", 256)
	for arg, want := range map[string]winerr.Code{
		"CON": winerr.InvalidName, "x/NUL.txt": winerr.InvalidName, "name.": winerr.InvalidName,
		"name ": winerr.InvalidName, "a:b": winerr.InvalidName, "a::$DATA": winerr.InvalidName,
		"dir::$INDEX_ALLOCATION": winerr.InvalidName, "C:": winerr.InvalidName,
		`\\.\a`: winerr.InvalidName, `\\.`: winerr.InvalidName, `\\?\C:\x`: winerr.InvalidName, "....//": winerr.InvalidName, "..:/": winerr.InvalidName,
		"/.. ./": winerr.InvalidName, "a\x00b": winerr.InvalidName, "a\nb": winerr.InvalidName,
		"/..\xc0\xaf": winerr.InvalidName, "a*": winerr.InvalidName, long: winerr.FilenameTooLong,
	} {
		got, err := storage.Resolve("/", arg)
		if err == nil || winerr.Of(err) != want {
			t.Errorf("Resolve(%q) = %q, %v, want code %d", arg, got, err, want)
		}
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("/a", `..\..\b`)
	f.Add("/", "....//")
	f.Add("/x", "/..%c0%af")
	for _, name := range storagetest.Hostile() {
		f.Add("/dir", name)
	}
	f.Fuzz(func(t *testing.T, cwd, arg string) {
		cwd, err := storage.Resolve("/", cwd)
		if err != nil {
			return
		}
		name, err := storage.Resolve(cwd, arg)
		if err != nil {
			return
		}
		if !strings.HasPrefix(name, "/") || name != path.Clean(name) || strings.Contains(name, `\`) {
			t.Fatalf("Resolve(%q, %q) = %q", cwd, arg, name)
		}
		if again, err := storage.Resolve("/", name); err == nil && again != name {
			t.Fatalf("%q resolves to %q", name, again)
		}
		// What comes out is a name for a storage, or one that it refuses by itself.
		parts, err := storage.Parts(name)
		if code := winerr.Of(err); code != winerr.Success && code != winerr.InvalidName && code != winerr.FileNotFound {
			t.Fatalf("%q is %v", name, err)
		}
		for _, part := range parts {
			if winpath.Check(part) != nil || winpath.IsShort(part) || storage.IsTemporary(part) {
				t.Fatalf("%q has the part %q", name, part)
			}
		}
	})
}
