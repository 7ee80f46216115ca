package storagetest

import (
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func changing() []behaviour {
	return []behaviour{
		{"mkdir makes one directory", mkdirMakes},
		{"remove deletes files only", removeDeletes},
		{"rmdir deletes empty directories only", rmdirDeletes},
	}
}

func mkdirMakes(e *env) {
	e.mkdir("/a")
	e.mkdir("/a/b")
	e.put("/file", "x")
	for name, want := range map[string]winerr.Code{
		"/": winerr.AlreadyExists, "/a": winerr.AlreadyExists, "/file": winerr.AlreadyExists,
		"/no/b": winerr.PathNotFound, "/file/b": winerr.PathNotFound,
	} {
		e.code("mkdir "+name, e.fs.Mkdir(e.ctx(), name), want)
	}
	e.wantList("/", "a", "file")
	e.wantList("/a", "b")
}

func removeDeletes(e *env) {
	e.put("/file", "x")
	e.mkdir("/dir")
	for name, want := range map[string]winerr.Code{
		"/": winerr.AccessDenied, "/dir": winerr.AccessDenied, "/absent": winerr.FileNotFound,
		"/no/x": winerr.PathNotFound, "/file/x": winerr.PathNotFound,
	} {
		e.code("remove "+name, e.fs.Remove(e.ctx(), name), want)
	}
	e.ok("remove", e.fs.Remove(e.ctx(), "/file"))
	e.absent("/file")
	e.wantList("/", "dir")
	e.code("remove again", e.fs.Remove(e.ctx(), "/file"), winerr.FileNotFound)
}

func rmdirDeletes(e *env) {
	e.mkdir("/empty")
	e.mkdir("/full")
	e.put("/full/file", "x")
	e.put("/file", "x")
	for name, want := range map[string]winerr.Code{
		"/": winerr.AccessDenied, "/full": winerr.DirNotEmpty, "/file": winerr.Directory,
		"/absent": winerr.FileNotFound, "/no/x": winerr.PathNotFound,
	} {
		e.code("rmdir "+name, e.fs.RemoveDir(e.ctx(), name), want)
	}
	e.want("/full/file", "x")
	e.ok("rmdir", e.fs.RemoveDir(e.ctx(), "/empty"))
	e.wantList("/", "file", "full")
}

func renaming() []behaviour {
	return []behaviour{
		{"rename moves files and directories", renameMoves},
		{"rename replaces only when told", renameReplaces},
		{"rename refuses", renameRefuses},
		{"rename onto itself loses nothing", renameItself},
		{"rename changes letter case", renameCase},
	}
}

func renameMoves(e *env) {
	e.mkdir("/a")
	e.mkdir("/b")
	e.put("/a/file", "x")
	e.ok("rename", e.fs.Rename(e.ctx(), "/a/file", "/b/moved", false))
	e.want("/b/moved", "x")
	e.wantList("/a")
	e.ok("rename", e.fs.Rename(e.ctx(), "/b", "/a/c", false))
	e.want("/a/c/moved", "x")
	e.wantList("/", "a")
	e.ok("rename", e.fs.Rename(e.ctx(), "/a/c/moved", "/up", true))
	e.want("/up", "x")
}

func renameReplaces(e *env) {
	e.put("/a", "a")
	e.put("/b", "b")
	e.code("rename", e.fs.Rename(e.ctx(), "/a", "/b", false), winerr.AlreadyExists)
	e.want("/a", "a")
	e.want("/b", "b")
	e.ok("rename", e.fs.Rename(e.ctx(), "/a", "/b", true))
	e.want("/b", "a")
	e.wantList("/", "b")
}

func renameRefuses(e *env) {
	e.put("/file", "x")
	e.mkdir("/dir")
	e.mkdir("/dir/sub")
	e.mkdir("/empty")
	for _, tt := range []struct {
		from, to string
		want     winerr.Code
	}{
		{"/absent", "/x", winerr.FileNotFound},
		{"/no/x", "/x", winerr.PathNotFound},
		{"/file", "/no/x", winerr.PathNotFound},
		{"/file", "/file/x", winerr.InvalidParameter},
		{"/file", "/dir", winerr.AlreadyExists},
		{"/dir", "/file", winerr.AlreadyExists},
		{"/dir", "/empty", winerr.AlreadyExists},
		{"/dir", "/dir/sub/x", winerr.InvalidParameter},
		{"/dir", "/dir/x", winerr.InvalidParameter},
		{"/dir/sub", "/dir", winerr.AlreadyExists},
		{"/", "/x", winerr.AccessDenied},
		{"/file", "/", winerr.AlreadyExists},
	} {
		for _, replace := range []bool{false, true} {
			e.code("rename "+tt.from+" to "+tt.to, e.fs.Rename(e.ctx(), tt.from, tt.to, replace), tt.want)
		}
	}
	e.want("/file", "x")
	e.wantList("/", "dir", "empty", "file")
	e.wantList("/dir", "sub")
}

func renameItself(e *env) {
	e.put("/file", "x")
	e.mkdir("/dir")
	e.code("rename", e.fs.Rename(e.ctx(), "/file", "/file", false), winerr.AlreadyExists)
	e.want("/file", "x")
	e.ok("rename", e.fs.Rename(e.ctx(), "/file", "/file", true))
	e.want("/file", "x")
	e.code("rename", e.fs.Rename(e.ctx(), "/dir", "/dir", true), winerr.AlreadyExists)
	e.wantList("/", "dir", "file")
}

func renameCase(e *env) {
	e.put("/file", "x")
	e.mkdir("/dir")
	e.ok("rename", e.fs.Rename(e.ctx(), "/file", "/File", false))
	e.want("/File", "x")
	e.ok("rename", e.fs.Rename(e.ctx(), "/dir", "/DIR", false))
	e.wantList("/", "DIR", "File")
	if e.features.CaseInsensitive {
		e.want("/FILE", "x")
		_, err := e.fs.Create(e.ctx(), "/fILE", storage.New, 0)
		e.code("create", err, winerr.AlreadyExists)
		return
	}
	e.absent("/FILE")
	e.put("/FILE", "y")
	e.want("/File", "x")
	if got := e.list("/"); !slices.Equal(got, []string{"DIR", "FILE", "File"}) {
		e.Errorf("got %q", got)
	}
}
