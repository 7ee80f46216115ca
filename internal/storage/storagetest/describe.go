package storagetest

import (
	"context"
	"io/fs"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func describing() []behaviour {
	return []behaviour{
		{"stat tells kind, size, time and base name", statDescribes},
		{"stat of what is missing", statMissing},
		{"lstat agrees with stat", lstatAgrees},
		{"the time of change can be set", timeIsSet},
		{"the volume has room", spaceIsTold},
		{"a finished context stops every call", contextStops},
	}
}

func statDescribes(e *env) {
	before := time.Now().Add(-time.Minute)
	e.mkdir("/dir")
	e.put("/dir/file.txt", "12345")
	if i := e.stat("/dir/file.txt"); i.Name() != "file.txt" || i.Size() != 5 || !i.Mode().IsRegular() || i.IsDir() {
		e.Errorf("file: got %q, %d bytes, mode %v", i.Name(), i.Size(), i.Mode())
	}
	if i := e.stat("/dir"); i.Name() != "dir" || !i.IsDir() {
		e.Errorf("directory: got %q, mode %v", i.Name(), i.Mode())
	}
	if i := e.stat("/"); !i.IsDir() {
		e.Errorf("home: mode %v", i.Mode())
	}
	if m := e.stat("/dir/file.txt").ModTime(); m.Before(before) || m.After(time.Now().Add(time.Minute)) {
		e.Errorf("a new file changed at %v", m)
	}
}

func statMissing(e *env) {
	e.put("/file", "x")
	for name, want := range map[string]winerr.Code{
		"/absent": winerr.FileNotFound, "/absent/x": winerr.PathNotFound, "/file/x": winerr.PathNotFound,
	} {
		_, err := e.fs.Stat(e.ctx(), name)
		e.code("stat "+name, err, want)
		_, err = e.fs.Lstat(e.ctx(), name)
		e.code("lstat "+name, err, want)
	}
}

func lstatAgrees(e *env) {
	e.put("/file", "x")
	for _, name := range []string{"/", "/file"} {
		i, err := e.fs.Lstat(e.ctx(), name)
		e.ok("lstat "+name, err)
		if s := e.stat(name); s.Mode() != i.Mode() || s.Size() != i.Size() {
			e.Errorf("%s: lstat gives %v, %d, stat %v, %d", name, i.Mode(), i.Size(), s.Mode(), s.Size())
		}
	}
}

func timeIsSet(e *env) {
	want := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	e.put("/file", "x")
	e.mkdir("/dir")
	for _, name := range []string{"/file", "/dir"} {
		e.ok("set time of "+name, e.fs.SetModTime(e.ctx(), name, want))
		if got := e.stat(name).ModTime(); !got.Equal(want) {
			e.Errorf("%s changed at %v, want %v", name, got, want)
		}
	}
	e.code("set time", e.fs.SetModTime(e.ctx(), "/absent", want), winerr.FileNotFound)
	e.want("/file", "x")
}

func spaceIsTold(e *env) {
	space, err := e.fs.Statfs(e.ctx())
	if err != nil || space.Total == 0 || space.Free > space.Total {
		e.Errorf("got %+v, %v", space, err)
	}
}

func contextStops(e *env) {
	e.put("/file", "x")
	done, cancel := context.WithCancel(e.ctx())
	cancel()
	var err error
	calls := map[string]func(){
		"stat":   func() { _, err = e.fs.Stat(done, "/file") },
		"lstat":  func() { _, err = e.fs.Lstat(done, "/file") },
		"list":   func() { _, err = e.fs.List(done, "/") },
		"open":   func() { _, err = e.fs.Open(done, "/file", 0) },
		"create": func() { _, err = e.fs.Create(done, "/file", 0, 0) },
		"mkdir":  func() { err = e.fs.Mkdir(done, "/d") },
		"remove": func() { err = e.fs.Remove(done, "/file") },
		"rmdir":  func() { err = e.fs.RemoveDir(done, "/d") },
		"rename": func() { err = e.fs.Rename(done, "/file", "/x", true) },
		"time":   func() { err = e.fs.SetModTime(done, "/file", time.Now()) },
		"statfs": func() { _, err = e.fs.Statfs(done) },
	}
	for name, call := range calls {
		err = nil
		call()
		e.code(name, err, winerr.OperationAborted)
	}
	e.wantList("/", "file")
	var info fs.FileInfo
	info, err = e.fs.Stat(e.ctx(), "/file")
	if err != nil || info.Size() != 1 {
		e.Errorf("afterwards: %v, %v", info, err)
	}
}
