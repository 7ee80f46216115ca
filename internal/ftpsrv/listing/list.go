package listing

import (
	"io"
	"io/fs"
	"iter"
	"strings"
	"time"
)

// List is the answer to one LIST.
type List struct {
	Style   Style
	Options Options
	Pattern string    // only names that match; "" is all
	Now     time.Time // see Style.Append
}

// Write prints entries to w in order (see Sorted), a long line each, in writes
// of some 32 KiB. The error is the first of w or of entries; the lines before
// it are out.
func (l List) Write(w io.Writer, entries iter.Seq2[fs.FileInfo, error]) error {
	out := newWriter(w)
	for info, err := range Sorted(entries) {
		if err != nil {
			return out.end(err)
		}
		if !l.shows(info) {
			continue
		}
		out.buf = l.Style.Append(out.buf, info, l.Now)
		if err := out.spill(); err != nil {
			return err
		}
	}
	return out.end(nil)
}

func (l List) shows(info fs.FileInfo) bool {
	name := info.Name()
	return !nameless(name) && (l.Pattern == "" || Match(l.Pattern, name)) && (l.Options.All || !hidden(info))
}

// hidden asks the storage, where it knows of such a mark (Windows, SMB).
func hidden(info fs.FileInfo) bool {
	h, ok := info.(interface{ Hidden() bool })
	return ok && h.Hidden()
}

func dotted(name string) bool { return strings.HasPrefix(name, ".") }

// writer gathers lines into few writes; the lines are appended to buf.
type writer struct {
	w   io.Writer
	buf []byte
}

const writeSize = 32 << 10

func newWriter(w io.Writer) *writer { return &writer{w: w, buf: make([]byte, 0, writeSize+4096)} }

// spill writes when enough has gathered.
func (w *writer) spill() error {
	if len(w.buf) < writeSize {
		return nil
	}
	return w.flush()
}

func (w *writer) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.w.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// end writes the rest and returns the earlier error, if any.
func (w *writer) end(err error) error {
	if flushErr := w.flush(); err == nil {
		err = flushErr
	}
	return err
}
