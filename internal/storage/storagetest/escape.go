package storagetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const secretContent = "this lies outside the home"

// escaping is the corpus of ways out through the file system itself.
func escaping() []behaviour {
	return []behaviour{
		{"links lead nowhere", linksRefused},
		{"a directory swapped for a link leaks nothing", swapLeaksNothing},
	}
}

// plant puts a file with secretContent and a directory next to the home.
func plant(e *env) (outside string) {
	outside = e.TempDir()
	e.ok("plant", os.WriteFile(filepath.Join(outside, "secret.txt"), []byte(secretContent), 0o666))
	e.ok("plant", os.Mkdir(filepath.Join(outside, "sub"), 0o777))
	return outside
}

func linksRefused(e *env) {
	outside := plant(e)
	dir := e.dir
	e.put("/bait", "bait")
	e.mkdir("/real")
	e.put("/real/file", "inside")
	relative, err := filepath.Rel(dir, outside)
	e.ok("relative path", err)
	for link, target := range map[string]string{
		"absolute-file": filepath.Join(outside, "secret.txt"), "absolute-dir": outside,
		"relative-file": filepath.Join(relative, "secret.txt"), "relative-dir": relative,
		"dangling": filepath.Join(outside, "absent"),
	} {
		e.ok("plant a link", e.features.Symlink(target, filepath.Join(dir, link)))
		e.refuseLink("/" + link)
	}
	for link, target := range map[string]string{"inner-file": "real/file", "inner-dir": "real", "self": ".", "loop": "loop"} {
		e.ok("plant a link", e.features.Symlink(target, filepath.Join(dir, link)))
		if !e.features.ServerFollows {
			e.refuseLink("/" + link)
			e.ok("remove link", os.Remove(filepath.Join(dir, link)))
		}
	}
	e.want("/real/file", "inside")
	got, err := os.ReadFile(filepath.Join(outside, "secret.txt"))
	if err != nil || string(got) != secretContent {
		e.Errorf("outside there is now %q, %v", got, err)
	}
	entries, err := os.ReadDir(outside)
	if err != nil || len(entries) != 2 {
		e.Errorf("outside there are %v, %v", entries, err)
	}
	if names := strings.Join(e.list("/"), " "); !e.features.ServerFollows && names != "bait real" {
		e.Errorf("the listing shows links: %s", names)
	}
}

// refuseLink checks that neither a link nor anything through it can be used.
// Which code that is depends on where it is noticed.
func (e *env) refuseLink(link string) {
	e.Helper()
	for _, name := range []string{link, link + "/secret.txt", link + "/sub", link + "/new"} {
		for call, err := range e.everyCall(name) {
			switch {
			case call == "lstat" && name == link:
				// Describing the link itself is what Lstat is for.
			case e.features.ServerFollows:
				if err == nil {
					e.Errorf("%s %s succeeded", call, name)
				}
			case call == "mkdir", call == "stou", call == "rename to":
				e.code(call+" "+name, err, winerr.CantAccessFile, winerr.AlreadyExists)
			default:
				e.code(call+" "+name, err, winerr.CantAccessFile)
			}
		}
	}
}

func pipeRefused(e *env) {
	e.put("/bait", "bait")
	e.ok("mkfifo", e.features.Mkfifo(filepath.Join(e.dir, "pipe")))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for call, err := range e.everyCall("/pipe") {
			if call == "lstat" {
				continue
			}
			if err == nil {
				e.Errorf("%s of a pipe succeeded", call)
			}
		}
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		e.Fatal("a call on a pipe hangs")
	}
	if !e.features.ServerFollows {
		_, err := e.fs.Stat(e.ctx(), "/pipe")
		e.code("stat", err, winerr.CantAccessFile)
		_, err = e.fs.Open(e.ctx(), "/pipe", 0)
		e.code("open", err, winerr.CantAccessFile)
		e.wantList("/", "bait")
	}
}

// swapLeaksNothing exchanges a directory for a link to the outside as fast as it
// can while the home is read and written: no check of a name may outlive the
// name's meaning (checklist P3).
func swapLeaksNothing(e *env) {
	outside := plant(e)
	dir := e.dir
	e.mkdir("/d")
	e.put("/d/secret.txt", "inside")
	e.ok("plant a link", e.features.Symlink(outside, filepath.Join(dir, "link")))
	const long, patience = 700 * time.Millisecond, 15 * time.Second // a loaded machine gets the longer one
	ctx, cancel := context.WithTimeout(e.ctx(), patience)
	defer cancel()
	began := time.Now()
	var reads int
	var group sync.WaitGroup
	group.Go(func() {
		d, link, away := filepath.Join(dir, "d"), filepath.Join(dir, "link"), filepath.Join(dir, "away")
		for ctx.Err() == nil {
			err := errors.Join(os.Rename(d, away), os.Rename(link, d), os.Rename(d, link), os.Rename(away, d))
			if err != nil {
				e.Errorf("swap: %v", err)
				return
			}
		}
	})
	for ctx.Err() == nil && (reads == 0 || time.Since(began) < long) {
		if got, err := get(e.ctx(), e.fs, "/d/secret.txt", 0); err == nil {
			if reads++; got != "inside" {
				e.Errorf("read %q", got)
				break
			}
		}
		if u, err := e.fs.Create(e.ctx(), "/d/new", storage.Append, 0); err == nil {
			_ = u.Commit()
		}
		_ = e.fs.Mkdir(e.ctx(), "/d/made")
		_ = Put(e.ctx(), e.fs, "/d/whole", "x")
	}
	cancel()
	group.Wait()
	entries, err := os.ReadDir(outside)
	if err != nil || len(entries) != 2 {
		e.Errorf("outside there are %v, %v", entries, err)
	}
	if reads == 0 {
		e.Error("not one read succeeded; the test shows nothing")
	}
}
