package w3clog_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

const defaultFields = "date time c-ip cs-username s-ip s-port cs-method cs-uri-stem " +
	"sc-status sc-win32-status sc-substatus x-session x-fullpath"

func TestNewWriter_header(t *testing.T) {
	var out bytes.Buffer
	if _, err := w3clog.NewWriter(&out); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`\A#Software: Microsoft Internet Information Services 10\.0\r\n#Version: 1\.0\r\n` +
		`#Date: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\r\n#Fields: ` + defaultFields + `\r\n\z`)
	if !want.Match(out.Bytes()) {
		t.Errorf("header %q", out.String())
	}
	if got := strings.Join(w3clog.DefaultFields(), " "); got != defaultFields {
		t.Errorf("default fields %q, want %q", got, defaultFields)
	}
}

func TestNewWriter_badFields(t *testing.T) {
	for _, fields := range [][]string{{"date", "no-such"}, {"date", "time", "date"}, {""}} {
		var out bytes.Buffer
		if _, err := w3clog.NewWriter(&out, fields...); err == nil || out.Len() != 0 {
			t.Errorf("%q: error %v, wrote %q", fields, err, out.String())
		}
	}
}

// counter tells how the writer uses what it writes to.
type counter struct {
	mu     sync.Mutex
	writes []string
}

func (c *counter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes = append(c.writes, string(p))
	return len(p), nil
}

// Each row is visible when Write returns, and whole, whoever else writes.
func TestWriter_concurrentRowsAreWhole(t *testing.T) {
	out := &counter{}
	w, err := w3clog.NewWriter(out, "cs-method", "cs-uri-stem")
	if err != nil {
		t.Fatal(err)
	}
	const writers, rows = 8, 200
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for range rows {
				if err := w.Write(w3clog.Entry{Method: fmt.Sprint("M", i), Stem: strings.Repeat("x", i*10+1)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(out.writes); got != writers*rows+1 {
		t.Errorf("%d writes, want one a row and the header", got)
	}
	for _, line := range out.writes[1:] {
		var i int
		var stem string
		if _, err := fmt.Sscanf(line, "M%d %s\r\n", &i, &stem); err != nil || stem != strings.Repeat("x", i*10+1) {
			t.Errorf("row %q", line)
		}
	}
}

// disk takes a number of bytes, then is full.
type disk struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("disk full")

func (d *disk) Write(p []byte) (int, error) {
	if len(p) <= d.room {
		d.room -= len(p)
		return d.Buffer.Write(p)
	}
	n, _ := d.Buffer.Write(p[:d.room])
	d.room = 0
	return n, errFull
}

func TestWriter_fullDisk(t *testing.T) {
	d := &disk{room: 1000}
	w, err := w3clog.NewWriter(d, "cs-method", "cs-uri-stem")
	if err != nil {
		t.Fatal(err)
	}
	d.Reset()
	d.room = len("STOR one\r\nSTO")
	for i, want := range []error{nil, errFull, errFull} {
		if err := w.Write(w3clog.Entry{Method: "STOR", Stem: "one"}); !errors.Is(err, want) {
			t.Errorf("row %d: %v, want %v", i, err, want)
		}
	}
	d.room = 1000
	if err := w.Write(w3clog.Entry{Method: "STOR", Stem: "two"}); err != nil {
		t.Errorf("with room again: %v", err)
	}
	// The torn row does not swallow the next one.
	if got, want := d.String(), "STOR one\r\nSTO\r\nSTOR two\r\n"; got != want {
		t.Errorf("log %q, want %q", got, want)
	}
}

func TestWriter_afterClose(t *testing.T) {
	w, err := w3clog.NewWriter(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(w3clog.Entry{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Write after Close: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func full() w3clog.Entry {
	return w3clog.Entry{
		Time: when, Client: client, Server: server, User: `CORP\alice`, Method: "RETR",
		Stem: "reports/annual report.xlsx", Status: 226, Session: session, FullPath: "/reports/annual report.xlsx",
	}
}

func BenchmarkWriter(b *testing.B) {
	w, err := w3clog.NewWriter(io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = w.Write(full())
	}
}

func BenchmarkWriter_file(b *testing.B) {
	w, err := w3clog.Open(w3clog.Config{Directory: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = w.Write(full())
		}
	})
}
