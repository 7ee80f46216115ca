package storagetest

import (
	"errors"
	"io"
	"io/fs"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func aborting() []behaviour {
	return []behaviour{
		{"abort leaves what was there", abortLeaves},
		{"abort keeps what has arrived", abortKeeps},
		{"abort keeps all of a large upload", abortKeepsAll},
		{"an upload ends once", endsOnce},
		{"closing the home aborts its uploads", closeAborts},
	}
}

func abortLeaves(e *env) {
	e.put("/file", "0123456789")
	e.ok("abort", e.create("/file", storage.Replace, 0, "new").Abort(false))
	e.want("/file", "0123456789")
	e.ok("abort", e.create("/fresh", storage.Replace, 0, "new").Abort(false))
	e.absent("/fresh")
	e.ok("abort", e.create("/fresh", storage.New, 0, "new").Abort(false))
	e.absent("/fresh")
	e.ok("abort", e.create("/file", storage.Append, 0, "more").Abort(false))
	e.want("/file", "0123456789")
	e.ok("abort", e.create("/fresh", storage.Append, 0, "more").Abort(false))
	e.absent("/fresh")
	e.ok("abort", e.create("/file", storage.Resume, 4, "ABCDEFGHIJK").Abort(false))
	e.want("/file", "0123")
	e.wantList("/", "file")
}

func abortKeeps(e *env) {
	e.put("/file", "0123456789")
	e.ok("abort", e.create("/file", storage.Resume, 4, "AB").Abort(true))
	e.want("/file", "0123AB")
	e.ok("abort", e.create("/file", storage.Append, 0, "CD").Abort(true))
	e.want("/file", "0123ABCD")
	e.ok("abort", e.create("/file", storage.Replace, 0, "new").Abort(true))
	e.want("/file", "new")
	e.ok("abort", e.create("/fresh", storage.New, 0, "part").Abort(true))
	e.want("/fresh", "part")
	e.wantList("/", "file", "fresh")
}

// abortKeepsAll passes several buffers of any implementation, in pieces that fit
// none, with and without a flush.
func abortKeepsAll(e *env) {
	const size = 3<<20 + 54321
	for name, d := range map[string]storage.Disposition{"/replaced": storage.Replace, "/new": storage.New, "/appended": storage.Append, "/resumed": storage.Resume} {
		for _, flush := range []bool{false, true} {
			u := e.create(name, d, 0, "")
			// Not io.CopyN: that would use ReadFrom.
			n, err := io.CopyBuffer(struct{ io.Writer }{u}, struct{ io.Reader }{io.LimitReader(&pattern{}, size)}, make([]byte, 9999))
			if n != size || err != nil {
				e.Fatalf("write to %s: got %d, %v, want %d", name, n, err, size)
			}
			if flush {
				e.ok("flush", storage.Flush(u))
			}
			e.ok("abort", u.Abort(true))
			wantPattern(e, name, 0, size)
			e.ok("remove", e.fs.Remove(e.ctx(), name))
		}
	}
}

func endsOnce(e *env) {
	for _, d := range []storage.Disposition{storage.Replace, storage.New, storage.Append, storage.Resume} {
		u := e.create("/file", d, 0, "whole")
		e.ok("commit", u.Commit())
		e.ok("second commit", u.Commit())
		e.ok("abort after commit", u.Abort(false))
		e.want("/file", "whole")
		if n, err := io.WriteString(u, "late"); n != 0 || err == nil {
			e.Errorf("write after commit: got %d, %v", n, err)
		}
		e.want("/file", "whole")
		e.ok("remove", e.fs.Remove(e.ctx(), "/file"))

		u = e.create("/file", d, 0, "part")
		e.ok("abort", u.Abort(false))
		e.put("/file", "other")
		e.ok("second abort", u.Abort(true))
		e.closed("commit after abort", u.Commit())
		e.want("/file", "other")
		e.ok("remove", e.fs.Remove(e.ctx(), "/file"))
	}
}

// closed checks that an upload which has ended otherwise does not promise success.
func (e *env) closed(what string, err error) {
	e.Helper()
	if !errors.Is(err, fs.ErrClosed) {
		e.Errorf("%s: got %v, want %v", what, err, fs.ErrClosed)
	}
}

func closeAborts(e *env) {
	e.put("/file", "old")
	second := e.features.Session(e.T, e.fs, e.dir)
	u, err := second.Create(e.ctx(), "/file", storage.Replace, 0)
	e.ok("create", err)
	_, err = io.WriteString(u, "new")
	e.ok("write", err)
	e.ok("close", second.Close())
	e.closed("commit after close", u.Commit())
	e.want("/file", "old")
	e.wantList("/", "file")
	_, err = second.Stat(e.ctx(), "/file")
	e.code("stat after close", err, winerr.NetNameDeleted)
	_, err = second.Create(e.ctx(), "/file", storage.Replace, 0)
	e.code("create after close", err, winerr.NetNameDeleted)
	e.ok("second close", second.Close())
}
