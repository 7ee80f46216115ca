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
	Directory         string   // made if absent; holds one file a day, u_exYYMMDD.log
	Fields            []string // columns in order; nil is DefaultFields
	LocalTimeRollover bool     // a new file at local midnight instead of UTC; times stay UTC
}

// Open begins or continues today's file, and writes the header. Later files are
// opened by the first row of their day.
func Open(cfg Config) (*Writer, error) {
	w, err := newWriter(cfg.Fields)
	if err != nil {
		return nil, err
	}
	w.daily = &daily{dir: cfg.Directory, zone: time.UTC}
	if cfg.LocalTimeRollover {
		w.daily.zone = time.Local
	}
	if err := w.roll(time.Now()); err != nil {
		return nil, fmt.Errorf("open access log: %w", err)
	}
	return w, nil
}

// daily is the file of one day.
type daily struct {
	dir      string
	zone     *time.Location
	file     *os.File
	from, to time.Time // the day of file
}

// straggler is how late a row of yesterday may come and still go to today's
// file; an older one means that the clock was set back.
const straggler = time.Hour

func (d *daily) holds(when time.Time) bool {
	return when.Before(d.to) && !when.Before(d.from.Add(-straggler))
}

// open opens the file of a day for appending and reports whether its last line
// has no end.
func (d *daily) open(when time.Time) (torn bool, err error) {
	when = when.In(d.zone)
	name := filepath.Join(d.dir, when.Format("u_ex060102.log"))
	if err := os.MkdirAll(d.dir, 0o750); err != nil {
		return false, err
	}
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o640)
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
	_ = d.close() // nothing is buffered that could still fail
	year, month, day := when.Date()
	d.file = file
	d.from = time.Date(year, month, day, 0, 0, 0, 0, d.zone)
	d.to = time.Date(year, month, day+1, 0, 0, 0, 0, d.zone)
	return last[0] != '\n', nil
}

func (d *daily) close() error {
	if d.file == nil {
		return nil
	}
	err := d.file.Close()
	d.file = nil
	return err
}

// roll turns to the file of a day, and begins it with a header.
func (w *Writer) roll(when time.Time) error {
	torn, err := w.daily.open(when)
	if err != nil {
		return err
	}
	w.out, w.torn = w.daily.file, torn
	if err := w.header(when); err != nil {
		w.out = nil
		return err
	}
	return nil
}
