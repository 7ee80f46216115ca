package storagetest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func sharing() []behaviour {
	return []behaviour{
		{"a file that is uploaded is busy", uploadIsBusy},
		{"sessions see each other's uploads", sessionsShare},
		{"a file that is uploaded can be read if so asked", readUploads},
		{"what is downloaded is not changed in place", readersAreNotTorn},
		{"a reader never sees half of a replacement", replaceIsAtomic},
		{"a reader keeps the file that it opened", readerKeeps},
		{"many use one home at once", manyAtOnce},
		{"one of many uploads of a name wins", oneWins},
	}
}

// busy checks that no call on name gets past the upload.
func (e *env) busy(home storage.FS, name string) {
	e.Helper()
	_, err := home.Open(e.ctx(), name, 0)
	e.code("open", err, winerr.SharingViolation)
	for _, d := range []storage.Disposition{storage.Replace, storage.Append, storage.Resume} {
		_, err = home.Create(e.ctx(), name, d, 0)
		e.code("create", err, winerr.SharingViolation)
	}
	e.code("remove", home.Remove(e.ctx(), name), winerr.SharingViolation)
	e.code("rename", home.Rename(e.ctx(), name, "/moved", false), winerr.SharingViolation)
	e.code("rename onto", home.Rename(e.ctx(), "/other", name, true), winerr.SharingViolation)
}

func uploadIsBusy(e *env) {
	e.put("/other", "other")
	for _, d := range []storage.Disposition{storage.Replace, storage.Append, storage.Resume} {
		e.put("/file", "old")
		u := e.create("/file", d, 0, "new")
		e.busy(e.fs, "/file")
		e.ok("commit", u.Commit())
		e.ok("remove", e.fs.Remove(e.ctx(), "/file"))
	}
	e.mkdir("/dir")
	u := e.create("/dir/file", storage.Replace, 0, "new")
	e.code("rename the directory", e.fs.Rename(e.ctx(), "/dir", "/moved", false), winerr.SharingViolation)
	e.code("remove the directory", e.fs.RemoveDir(e.ctx(), "/dir"), winerr.DirNotEmpty, winerr.SharingViolation)
	e.ok("commit", u.Commit())
	e.want("/dir/file", "new")
}

func sessionsShare(e *env) {
	second := e.features.Session(e.T, e.fs, e.dir)
	defer second.Close()
	e.put("/other", "other")
	e.put("/file", "old")
	u := e.create("/file", storage.Append, 0, "new")
	e.busy(second, "/file")
	e.ok("commit", u.Commit())
	got, err := get(e.ctx(), second, "/file", 0)
	if err != nil || got != "oldnew" {
		e.Errorf("the other session reads %q, %v", got, err)
	}
}

func readUploads(e *env) {
	e.fs = e.features.ReadUploads(e.T)
	e.put("/file", "old")
	for _, tt := range []struct {
		name, content string
		d             storage.Disposition
		seen, then    string // while the upload goes on, and after it
	}{
		{"/file", "new", storage.Replace, "old", "new"},
		{"/fresh", "arriving", storage.Replace, "arriving", "arriving"},
		{"/file", " bytes", storage.Append, "new bytes", "new bytes"},
		{"/made", "bytes", storage.Append, "bytes", "bytes"},
	} {
		u := e.create(tt.name, tt.d, 0, tt.content)
		r, err := e.fs.Open(e.ctx(), tt.name, 0)
		if e.features.ReadersBlock {
			e.code("open "+tt.name, err, winerr.SharingViolation)
			e.ok("commit", u.Commit())
			e.want(tt.name, tt.then)
			continue
		}
		e.ok("open "+tt.name, err)
		// The download is still open when the upload ends.
		e.ok("commit", u.Commit())
		e.want(tt.name, tt.then)
		got, err := io.ReadAll(r)
		if err != nil || string(got) != tt.seen {
			e.Errorf("%s: got %q, %v, want %q", tt.name, got, err, tt.seen)
		}
		e.ok("close", r.Close())
	}
}

func readersAreNotTorn(e *env) {
	second := e.features.Session(e.T, e.fs, e.dir)
	defer second.Close()
	e.put("/file", "0123456789")
	r, err := e.fs.Open(e.ctx(), "/file", 0)
	e.ok("open", err)
	first := make([]byte, 3)
	_, err = io.ReadFull(r, first)
	e.ok("read", err)
	for _, home := range []storage.FS{e.fs, second} {
		for d, offset := range map[storage.Disposition]int64{storage.Append: 0, storage.Resume: 4} {
			_, err := home.Create(e.ctx(), "/file", d, offset)
			e.code(fmt.Sprint("create ", d), err, winerr.SharingViolation)
		}
	}
	rest, err := io.ReadAll(r)
	if err != nil || string(first)+string(rest) != "0123456789" {
		e.Errorf("the download has %q and %q, %v", first, rest, err)
	}
	e.ok("close", r.Close())
	e.ok("commit", e.create("/file", storage.Resume, 4, "x").Commit())
	e.want("/file", "0123x")
}

// replaceIsAtomic reads and replaces a file at once. Each may find the other in
// its way, but both must have come through for the test to show anything.
func replaceIsAtomic(e *env) {
	const size, rounds, patience = 100_000, 40, 2000
	contents := []string{strings.Repeat("a", size), strings.Repeat("b", size)}
	e.put("/file", contents[0])
	ctx, cancel := context.WithCancel(e.ctx())
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	var read, replaced atomic.Int64
	group.Go(func() {
		for ctx.Err() == nil {
			got, err := get(ctx, e.fs, "/file", 0)
			if winerr.Of(err) == winerr.SharingViolation || ctx.Err() != nil {
				continue
			}
			if err != nil || (got != contents[0] && got != contents[1]) {
				e.Errorf("read %d bytes, %.5q…, %v", len(got), got, err)
				return
			}
			read.Add(1)
		}
	})
	for i := 0; i < rounds || i < patience && (read.Load() == 0 || replaced.Load() == 0); i++ {
		err := Put(ctx, e.fs, "/file", contents[i%2])
		if e.features.ReadersBlock && winerr.Of(err) == winerr.SharingViolation {
			continue
		}
		e.ok("put", err)
		replaced.Add(1)
	}
	if read.Load() == 0 || replaced.Load() == 0 {
		e.Errorf("%d downloads and %d replacements succeeded, want some of each", read.Load(), replaced.Load())
	}
}

func readerKeeps(e *env) {
	const size = 3 << 20
	e.put("/file", strings.Repeat("a", size))
	r, err := e.fs.Open(e.ctx(), "/file", 0)
	e.ok("open", err)
	defer r.Close()
	first := make([]byte, 1000)
	_, err = io.ReadFull(r, first)
	e.ok("read", err)
	err = Put(e.ctx(), e.fs, "/file", "b")
	if e.features.ReadersBlock {
		e.code("replace", err, winerr.SharingViolation)
	} else {
		e.ok("replace", err)
	}
	rest, err := io.ReadAll(r)
	if err != nil || strings.Trim(string(rest), "a") != "" || len(rest) != size-len(first) {
		e.Errorf("the reader got %d more bytes, %v", len(rest), err)
	}
	e.ok("close", r.Close())
	e.put("/file", "c")
	e.want("/file", "c")
}

func manyAtOnce(e *env) {
	const workers, rounds = 6, 8
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			dir := fmt.Sprintf("/worker%d", w)
			content := strings.Repeat(dir, 500)
			if err := e.fs.Mkdir(e.ctx(), dir); err != nil {
				e.Errorf("mkdir: %v", err)
			}
			for i := range rounds {
				name := fmt.Sprintf("%s/%d", dir, i)
				err := Put(e.ctx(), e.fs, name, content)
				got, getErr := get(e.ctx(), e.fs, name, 0)
				if err != nil || getErr != nil || got != content {
					e.Errorf("%s: %v, %v, %d bytes", name, err, getErr, len(got))
				}
				if _, err := e.fs.Stat(e.ctx(), "/"); err != nil {
					e.Errorf("stat: %v", err)
				}
			}
		})
	}
	group.Wait()
	if got := len(e.list("/")); got != workers {
		e.Errorf("got %d directories, want %d", got, workers)
	}
	for w := range workers {
		if got := len(e.list(fmt.Sprintf("/worker%d", w))); got != rounds {
			e.Errorf("worker %d: got %d files, want %d", w, got, rounds)
		}
	}
}

func oneWins(e *env) {
	const workers = 8
	var mu sync.Mutex
	var won []storage.Upload
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			u, err := e.fs.Create(e.ctx(), "/file", storage.New, 0)
			if err != nil {
				e.code("create", err, winerr.SharingViolation, winerr.AlreadyExists)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			won = append(won, u)
		})
	}
	group.Wait()
	if len(won) != 1 {
		e.Errorf("%d uploads of one name go on, want 1", len(won))
	}
	for _, u := range won {
		e.ok("abort", u.Abort(false))
	}
	e.wantList("/")
}
