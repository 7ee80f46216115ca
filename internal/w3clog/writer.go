package w3clog

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

// Writer writes rows, each in one write to the file, so that it is visible at
// once and whole. It may be used from several goroutines.
type Writer struct {
	fields  []string
	columns []column
	files   *files // nil for NewWriter
	rows    sync.Pool

	mu     sync.Mutex
	out    io.Writer // nil before the first file and after Close
	torn   bool      // the last line has no end
	closed bool
}

// NewWriter writes the header, and then rows of the given fields (none means
// DefaultFields), to one stream. Close leaves w open.
func NewWriter(w io.Writer, fields ...string) (*Writer, error) {
	lw, err := newWriter(fields)
	if err != nil {
		return nil, err
	}
	lw.out = w
	return lw, lw.header(time.Now())
}

func newWriter(fields []string) (*Writer, error) {
	if len(fields) == 0 {
		fields = DefaultFields()
	}
	chosen, err := choose(fields)
	if err != nil {
		return nil, err
	}
	w := &Writer{fields: fields, columns: chosen}
	w.rows.New = func() any { return &row{} }
	return w, nil
}

// row is where an entry is turned into text, kept for the next one.
type row struct {
	entry Entry
	text  []byte
}

// keep is the largest row whose memory is kept.
const keep = 16 << 10

// Write adds one row. A failure, such as a full disk, is returned and
// the row is lost; the next Write opens the file anew. The server goes on in
// any case.
func (w *Writer) Write(e Entry) error {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	r := w.rows.Get().(*row)
	r.entry = e
	mask(&r.entry)
	r.text = w.appendRow(r.text[:0], &r.entry)
	err := w.put(e.Time, r.text)
	r.entry = Entry{}
	if cap(r.text) <= keep {
		w.rows.Put(r)
	}
	if err != nil {
		return fmt.Errorf("write access log: %w", err)
	}
	return nil
}

func (w *Writer) appendRow(dst []byte, e *Entry) []byte {
	for i, c := range w.columns {
		if i > 0 {
			dst = append(dst, ' ')
		}
		start := len(dst)
		dst = c(dst, e)
		if i == 0 && dst[start] == '#' { // a directive of somebody else
			dst = slices.Replace(dst, start, start+1, []byte("%23")...)
		}
	}
	return append(dst, '\r', '\n')
}

// put writes one row to the file of its day.
func (w *Writer) put(when time.Time, text []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return os.ErrClosed
	}
	if w.files != nil && (w.out == nil || !w.files.holds(when)) {
		if err := w.open(when); err != nil {
			return err
		}
	}
	err := w.emit(text)
	if err != nil && w.files != nil {
		w.out = nil // the next row opens the file anew, with a header
	}
	return err
}

// emit writes whole lines. A line that was cut off, by a full disk or by the end
// of an earlier process, is ended first.
func (w *Writer) emit(text []byte) error {
	if w.torn {
		text = append([]byte("\r\n"), text...)
	}
	n, err := w.out.Write(text)
	if err == nil {
		w.torn = false
	} else if n > 0 {
		w.torn = text[n-1] != '\n'
	}
	return err
}

func (w *Writer) header(when time.Time) error {
	date := when.UTC().AppendFormat(nil, "2006-01-02 15:04:05")
	return w.emit(appendHeader(nil, date, w.fields))
}

// Close closes the file. Rows written later are refused with os.ErrClosed.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed, w.out = true, nil
	if w.files == nil {
		return nil
	}
	return w.files.close()
}
