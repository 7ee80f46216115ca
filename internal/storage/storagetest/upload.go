package storagetest

import (
	"fmt"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func uploading() []behaviour {
	return []behaviour{
		{"replace shows nothing before commit", replaceIsWhole},
		{"new refuses a name that is taken", newRefuses},
		{"new refuses a name that was taken meanwhile", newIsExclusive},
		{"append adds at the end", appendAdds},
		{"resume overwrites from an offset and ends the file", resumeEnds},
		{"create refuses", createRefuses},
	}
}

func replaceIsWhole(e *env) {
	e.put("/old", "old content")
	u := e.create("/old", storage.Replace, 0, "new")
	if got := e.stat("/old").Size(); got != 11 {
		e.Errorf("before commit the file has %d bytes, want 11", got)
	}
	e.wantList("/", "old")
	e.ok("commit", u.Commit())
	e.want("/old", "new")

	u = e.create("/fresh", storage.Replace, 0, "bytes")
	e.absent("/fresh")
	e.wantList("/", "old")
	e.ok("commit", u.Commit())
	e.want("/fresh", "bytes")
	e.wantList("/", "fresh", "old")

	e.ok("commit", e.create("/empty", storage.Replace, 0, "").Commit())
	e.want("/empty", "")
}

func newRefuses(e *env) {
	e.put("/file", "old")
	e.mkdir("/dir")
	for _, name := range []string{"/file", "/dir"} {
		_, err := e.fs.Create(e.ctx(), name, storage.New, 0)
		e.code("create "+name, err, winerr.AlreadyExists)
	}
	e.ok("commit", e.create("/new", storage.New, 0, "new").Commit())
	e.want("/new", "new")
	e.want("/file", "old")
}

func newIsExclusive(e *env) {
	u := e.create("/dir", storage.New, 0, "mine")
	e.mkdir("/dir")
	e.code("commit onto a directory", u.Commit(), winerr.AlreadyExists)
	e.closed("commit after a failed one", u.Commit())
	e.ok("abort after a failed commit", u.Abort(true))
	e.wantList("/", "dir")
	e.wantList("/dir")
}

func appendAdds(e *env) {
	e.ok("commit", e.create("/log", storage.Append, 0, "one ").Commit())
	e.want("/log", "one ")
	e.ok("commit", e.create("/log", storage.Append, 0, "two").Commit())
	e.want("/log", "one two")
	e.ok("commit", e.create("/log", storage.Append, 0, "").Commit())
	e.want("/log", "one two")
}

func resumeEnds(e *env) {
	for _, tt := range []struct {
		offset        int64
		content, want string
	}{
		{4, "AB", "0123AB"}, {10, "AB", "0123456789AB"}, {0, "AB", "AB"}, {8, "ABCDE", "01234567ABCDE"}, {3, "", "012"},
	} {
		e.put("/file", "0123456789")
		e.ok("commit", e.create("/file", storage.Resume, tt.offset, tt.content).Commit())
		e.want("/file", tt.want)
	}
	e.ok("commit", e.create("/made", storage.Resume, 0, "x").Commit())
	e.want("/made", "x")
}

func createRefuses(e *env) {
	e.put("/file", "0123456789")
	e.mkdir("/dir")
	for _, tt := range []struct {
		name   string
		d      storage.Disposition
		offset int64
		want   winerr.Code
	}{
		{"/file", storage.Resume, 11, winerr.HandleEOF},
		{"/file", storage.Resume, 1<<63 - 1, winerr.HandleEOF},
		{"/file", storage.Resume, -1, winerr.InvalidParameter},
		{"/file", storage.Replace, 3, winerr.InvalidParameter},
		{"/fresh", storage.New, 3, winerr.InvalidParameter},
		{"/absent", storage.Resume, 3, winerr.FileNotFound},
		{"/dir", storage.Replace, 0, winerr.AccessDenied},
		{"/dir", storage.Append, 0, winerr.AccessDenied},
		{"/dir", storage.Resume, 0, winerr.AccessDenied},
		{"/", storage.Replace, 0, winerr.AccessDenied},
		{"/absent/x", storage.Replace, 0, winerr.PathNotFound},
		{"/absent/x", storage.Append, 0, winerr.PathNotFound},
		{"/file/x", storage.New, 0, winerr.PathNotFound},
	} {
		u, err := e.fs.Create(e.ctx(), tt.name, tt.d, tt.offset)
		if err == nil {
			_ = u.Abort(false)
		}
		e.code(fmt.Sprint("create ", tt.name, " ", tt.d, " at ", tt.offset), err, tt.want)
	}
	e.want("/file", "0123456789")
	e.wantList("/", "dir", "file")
	// A refused upload holds nothing back.
	e.put("/file", "again")
}

func readOnlyStays(e *env) {
	e.features.Bound(e.T, e.dir, func() {
		e.put("/file", "precious")
		protect(e, "/file")
		for _, d := range []storage.Disposition{storage.Replace, storage.Append, storage.Resume} {
			u, err := e.fs.Create(e.ctx(), "/file", d, 0)
			if err == nil {
				_, _ = io.WriteString(u, "x")
				_ = u.Abort(false)
			}
			e.code(fmt.Sprint("create ", d), err, winerr.AccessDenied)
		}
		e.want("/file", "precious")
	})
}
