package storagetest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func sharing() []behaviour {
	return []behaviour{
		{"a file that is uploaded is busy", uploadIsBusy},
		{"sessions see each other's uploads", sessionsShare},
		{"a file that is uploaded can be read if so asked", readUploads},
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
	second := e.features.Session(e.T, e.fs)
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
	if e.features.ReadUploads == nil {
		e.Fatal("the implementation cannot read uploads")
	}
	e.fs = e.features.ReadUploads(e.T)
	e.put("/file", "old")
	u := e.create("/file", storage.Replace, 0, "new")
	e.want("/file", "old")
	e.ok("commit", u.Commit())
	u = e.create("/fresh", storage.Replace, 0, "arriving")
	e.want("/fresh", "arriving")
	e.ok("commit", u.Commit())
	u = e.create("/file", storage.Append, 0, " bytes")
	e.want("/file", "new bytes")
	e.ok("commit", u.Commit())
}

func replaceIsAtomic(e *env) {
	const size, rounds = 100_000, 40
	contents := []string{strings.Repeat("a", size), strings.Repeat("b", size)}
	e.put("/file", contents[0])
	ctx, cancel := context.WithCancel(e.ctx())
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
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
		}
	})
	for i := range rounds {
		err := put(ctx, e.fs, "/file", contents[i%2])
		if e.features.ReadersBlock && winerr.Of(err) == winerr.SharingViolation {
			continue
		}
		e.ok("put", err)
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
	err = put(e.ctx(), e.fs, "/file", "b")
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
				err := put(e.ctx(), e.fs, name, content)
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
