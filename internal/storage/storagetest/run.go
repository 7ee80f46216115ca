package storagetest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

type behaviour struct {
	name  string
	check func(e *env)
}

func suite(f Features) []behaviour {
	all := slices.Concat(describing(), listing(), reading(), uploading(), aborting(), sharing(),
		changing(), renaming(), naming(), ending())
	if f.OnDisk {
		all = slices.Concat(all, leftovers())
	}
	if f.OnDisk && f.Symlink != nil {
		all = slices.Concat(all, escaping())
	}
	if f.OnDisk && f.Mkfifo != nil {
		all = append(all, behaviour{"a pipe does not hang", pipeRefused})
	}
	if f.OnDisk && f.Bound != nil {
		all = append(all, behaviour{"a read-only file stays", readOnlyStays})
	}
	return all
}

// Run runs the suite. Open returns an empty home, which the suite closes, and the
// directory of this machine that holds it, "" if there is none.
func Run(t *testing.T, open func(t *testing.T) (home storage.FS, dir string), f Features) {
	t.Helper()
	for _, b := range suite(f) {
		t.Run(b.name, func(t *testing.T) {
			e := &env{T: t, features: f}
			e.fs, e.dir = open(t)
			t.Cleanup(func() { _ = e.fs.Close() })
			b.check(e)
		})
	}
}

// env is one behaviour's empty home.
type env struct {
	*testing.T
	fs       storage.FS
	dir      string
	features Features
}

func (e *env) ctx() context.Context { return e.Context() }

// ok fails the test at once if err is not nil.
func (e *env) ok(what string, err error) {
	e.Helper()
	if err != nil {
		e.Fatalf("%s: %v (code %d)", what, err, winerr.Of(err))
	}
}

// code compares the code of err; errors must not show where the home is.
func (e *env) code(what string, err error, want ...winerr.Code) {
	e.Helper()
	if got := winerr.Of(err); err == nil || !slices.Contains(want, got) {
		e.Errorf("%s: got %v (code %d), want code %v", what, err, got, want)
	}
	if err != nil && e.dir != "" && strings.Contains(err.Error(), e.dir) {
		e.Errorf("%s: the error %q names the place of the home", what, err)
	}
}

// put uploads content under name.
func (e *env) put(name, content string) {
	e.Helper()
	e.ok("put "+name, Put(e.ctx(), e.fs, name, content))
}

// Put uploads content under name, in place of what may be there.
func Put(ctx context.Context, home storage.FS, name, content string) error {
	u, err := home.Create(ctx, name, storage.Replace, 0)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(u, content); err != nil {
		return errors.Join(err, u.Abort(false))
	}
	return u.Commit()
}

// create begins an upload and sends content.
func (e *env) create(name string, d storage.Disposition, offset int64, content string) storage.Upload {
	e.Helper()
	u, err := e.fs.Create(e.ctx(), name, d, offset)
	e.ok("create "+name, err)
	n, err := io.WriteString(u, content)
	if n != len(content) || err != nil {
		e.Fatalf("write to %s: got %d, %v, want %d", name, n, err, len(content))
	}
	return u
}

func (e *env) mkdir(name string) {
	e.Helper()
	e.ok("mkdir "+name, e.fs.Mkdir(e.ctx(), name))
}

// get downloads name from offset.
func get(ctx context.Context, home storage.FS, name string, offset int64) (string, error) {
	r, err := home.Open(ctx, name, offset)
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(r)
	return string(content), errors.Join(err, r.Close())
}

// want compares what name holds.
func (e *env) want(name, content string) {
	e.Helper()
	got, err := get(e.ctx(), e.fs, name, 0)
	if err != nil || got != content {
		e.Errorf("%s holds %.40q, %v, want %.40q", name, got, err, content)
	}
}

// absent checks that name is not there.
func (e *env) absent(name string) {
	e.Helper()
	_, err := e.fs.Stat(e.ctx(), name)
	e.code("stat "+name, err, winerr.FileNotFound, winerr.PathNotFound)
}

// list returns the sorted names in a directory.
func (e *env) list(name string) []string {
	e.Helper()
	entries, err := e.fs.List(e.ctx(), name)
	e.ok("list "+name, err)
	names := []string{}
	for entry, err := range entries {
		e.ok("next of "+name, err)
		names = append(names, entry.Name())
	}
	slices.Sort(names)
	return names
}

// wantList compares the names in a directory, which are given sorted.
func (e *env) wantList(name string, want ...string) {
	e.Helper()
	if got := e.list(name); !slices.Equal(got, want) {
		e.Errorf("%s lists %q, want %q", name, got, want)
	}
}

func (e *env) stat(name string) fs.FileInfo {
	e.Helper()
	info, err := e.fs.Stat(e.ctx(), name)
	e.ok("stat "+name, err)
	return info
}
