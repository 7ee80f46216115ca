package w3clog

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Config says where the log lies and what it holds (logFile and log of IIS's
// schema).
type Config struct {
	Directory         string   // made if absent; holds the files
	Fields            []string // columns in order; nil is DefaultFields
	Period            Period   // "" is Daily
	TruncateSize      int64    // octets of a file, with MaxSize; 0 is 20 MiB
	LocalTimeRollover bool     // periods end by local time instead of UTC; times stay UTC
}

// defaultTruncateSize is the schema's.
const defaultTruncateSize = 20 << 20

// Open begins or continues the file of the present period, and writes the header.
// Later files are opened by the first row of their period.
func Open(cfg Config) (*Writer, error) {
	w, err := newWriter(cfg.Fields)
	if err != nil {
		return nil, err
	}
	w.files = &files{dir: cfg.Directory, zone: time.UTC, period: cfg.Period, most: cfg.TruncateSize}
	if cfg.LocalTimeRollover {
		w.files.zone = time.Local
	}
	if w.files.most <= 0 {
		w.files.most = defaultTruncateSize
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.open(time.Now()); err != nil {
		return nil, fmt.Errorf("open access log: %w", err)
	}
	return w, nil
}

// files are the files of a log, one after the other.
type files struct {
	dir    string
	zone   *time.Location
	period Period
	most   int64 // with MaxSize

	file     *os.File
	size     int64
	from, to time.Time // the period of file
	end      *time.Timer
}

// straggler is how late a row of the last period may come and still go to the
// present file; an older one means that the clock was set back.
const straggler = time.Hour

// holds reports whether the file that is open is the one for a row.
func (f *files) holds(when time.Time) bool {
	if f.period == MaxSize {
		return f.size < f.most
	}
	return when.Before(f.to) && !when.Before(f.from.Add(-straggler))
}

// open opens the file of a period for appending and reports whether its last line
// has no end.
func (f *files) open(when time.Time) (torn bool, err error) {
	if err := os.MkdirAll(f.dir, 0o750); err != nil {
		return false, err
	}
	when = when.In(f.zone)
	name := f.period.name(when)
	if f.period == MaxSize {
		if name, err = nextBySize(f.dir, f.most); err != nil {
			return false, err
		}
	}
	file, err := os.OpenFile(filepath.Join(f.dir, name), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return false, err
	}
	size, err := file.Seek(0, io.SeekEnd)
	last := []byte{'\n'}
	if err == nil && size > 0 {
		_, err = file.ReadAt(last, size-1)
	}
	if err != nil {
		_ = file.Close()
		return false, err
	}
	_ = f.close() // nothing is buffered that could still fail
	f.file, f.size = file, size
	f.from, f.to = f.period.bounds(when)
	return last[0] != '\n', nil
}

// Write adds to the file that is open.
func (f *files) Write(text []byte) (int, error) {
	n, err := f.file.Write(text)
	f.size += int64(n)
	return n, err
}

func (f *files) close() error {
	if f.end != nil {
		f.end.Stop()
		f.end = nil
	}
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}

// open turns to the file of a period, and begins it with a header. At the end of
// the period the file is closed, though no row comes, so that it can be taken away.
func (w *Writer) open(when time.Time) error {
	torn, err := w.files.open(when)
	if err != nil {
		w.out = nil
		return err
	}
	w.out, w.torn = w.files, torn
	if err := w.header(when); err != nil {
		w.out = nil
		return err
	}
	if file, left := w.files.file, time.Until(w.files.to); left > 0 {
		w.files.end = time.AfterFunc(left, func() { w.over(file) })
	}
	return nil
}

// over closes a file whose period has ended, unless a row has opened the next one
// by now.
func (w *Writer) over(file *os.File) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.files.file == file {
		w.out = nil
		_ = w.files.close()
	}
}

// Roll closes the file and opens the one that is due: with MaxSize the next one,
// else the one of the present period, which is a new one if somebody has moved the
// old one away. After an error the next row tries again.
func (w *Writer) Roll() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return os.ErrClosed
	}
	if w.files == nil {
		return nil
	}
	if w.files.period == MaxSize && w.out != nil {
		if err := w.files.skip(); err != nil {
			return fmt.Errorf("roll access log: %w", err)
		}
	}
	if err := w.open(time.Now()); err != nil {
		return fmt.Errorf("roll access log: %w", err)
	}
	return nil
}
