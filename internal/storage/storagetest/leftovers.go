package storagetest

import (
	"os"
	"path/filepath"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

func leftovers() []behaviour {
	return []behaviour{
		{"uploads leave nothing behind", nothingLeft},
		{"an upload lies next to its file", uploadIsNear},
		{"remains of a dead process go when they are old", remainsGo},
	}
}

// protect makes a file read-only behind the storage's back.
func protect(e *env, name string) {
	e.ok("protect", os.Chmod(filepath.Join(e.dir, filepath.FromSlash(name)), 0o444))
}

func onDisk(e *env) []string {
	entries, err := os.ReadDir(e.dir)
	e.ok("read directory", err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func nothingLeft(e *env) {
	e.ok("commit", e.create("/a", storage.Replace, 0, "x").Commit())
	e.ok("abort", e.create("/b", storage.Replace, 0, "x").Abort(false))
	e.ok("abort", e.create("/c", storage.New, 0, "x").Abort(true))
	u := e.create("/d", storage.New, 0, "x")
	e.mkdir("/d")
	if u.Commit() == nil {
		e.Error("commit replaced a directory")
	}
	e.code("rename", e.fs.Rename(e.ctx(), "/a", "/c", false), 183)
	if got := onDisk(e); len(got) != 3 {
		e.Errorf("on disk there are %q, want a, c and d", got)
	}
}

func uploadIsNear(e *env) {
	u := e.create("/file", storage.Replace, 0, "x")
	names := onDisk(e)
	if len(names) != 1 || !storage.IsTemporary(names[0]) {
		e.Errorf("on disk there are %q, want one temporary name", names)
	}
	e.wantList("/")
	e.ok("abort", u.Abort(false))
}

func remainsGo(e *env) {
	old, young := storage.TemporaryName(), storage.TemporaryName()
	for _, name := range []string{old, young} {
		e.ok("plant", os.WriteFile(filepath.Join(e.dir, name), []byte("x"), 0o666))
	}
	before := time.Now().Add(-storage.StaleAfter - time.Hour)
	e.ok("age", os.Chtimes(filepath.Join(e.dir, old), before, before))
	e.wantList("/")
	if got := onDisk(e); len(got) != 1 || got[0] != young {
		e.Errorf("on disk there are %q, want %q", got, young)
	}
}
