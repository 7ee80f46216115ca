package w3clog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

func openedFor(t *testing.T, period w3clog.Period) (*w3clog.Writer, string) {
	return opened(t, func(cfg *w3clog.Config) { cfg.Period = period })
}

func TestPeriod_hourly(t *testing.T) {
	w, dir := openedFor(t, w3clog.Hourly)
	write(t, w, "2026-03-09T23:59:59Z", "a")
	write(t, w, "2026-03-10T00:00:00Z", "b")
	write(t, w, "2026-03-10T01:30:00Z", "c")
	wantLines(t, dir, "u_ex26030923.log", "# a")
	wantLines(t, dir, "u_ex26031000.log", "# b")
	wantLines(t, dir, "u_ex26031001.log", "# c")
}

// Weeks begin on Sunday, and with the month.
func TestPeriod_weekly(t *testing.T) {
	w, dir := openedFor(t, w3clog.Weekly)
	write(t, w, "2026-03-28T23:59:59Z", "saturday")
	write(t, w, "2026-03-29T00:00:00Z", "sunday")
	write(t, w, "2026-03-31T23:59:59Z", "tuesday")
	write(t, w, "2026-04-01T00:00:00Z", "wednesday")
	write(t, w, "2026-04-04T23:59:59Z", "saturday")
	write(t, w, "2026-04-05T00:00:00Z", "sunday")
	wantLines(t, dir, "u_ex260304.log", "# saturday")
	wantLines(t, dir, "u_ex260305.log", "# sunday tuesday")
	wantLines(t, dir, "u_ex260401.log", "# wednesday saturday")
	wantLines(t, dir, "u_ex260402.log", "# sunday")
}

func TestPeriod_monthly(t *testing.T) {
	w, dir := openedFor(t, w3clog.Monthly)
	write(t, w, "2026-01-31T23:59:59Z", "a")
	write(t, w, "2026-02-01T00:00:00Z", "b")
	write(t, w, "2026-02-28T12:00:00Z", "c")
	wantLines(t, dir, "u_ex2601.log", "# a")
	wantLines(t, dir, "u_ex2602.log", "# b c")
}

// A file that has reached its size is followed by the next number, also after a
// restart; one that has room goes on.
func TestPeriod_maxSize(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	cfg := w3clog.Config{Directory: dir, Fields: []string{"cs-uri-stem"}, Period: w3clog.MaxSize, TruncateSize: 400}
	row := strings.Repeat("x", 150)
	reopen := func() *w3clog.Writer {
		w, err := w3clog.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { w.Close() })
		return w
	}
	w := reopen()
	for range 5 {
		write(t, w, "2026-03-09T12:00:00Z", row)
	}
	count := func(name string) int { return strings.Count(lines(t, dir, name), row) }
	if a, b, c := count("u_extend1.log"), count("u_extend2.log"), count("u_extend3.log"); a != 2 || b != 2 || c != 1 {
		t.Errorf("rows per file: %d, %d, %d, want 2, 2, 1", a, b, c)
	}
	w.Close()
	for _, other := range []string{"u_extend.log", "u_extend04.log", "u_extendx.log", "u_ex260309.log"} {
		if err := os.WriteFile(filepath.Join(dir, other), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w = reopen()
	write(t, w, "2026-03-09T12:00:01Z", "after")
	wantLines(t, dir, "u_extend3.log", "# "+row+" # after")
}

func TestRoll_bySizeBeginsTheNextNumber(t *testing.T) {
	w, dir := openedFor(t, w3clog.MaxSize)
	write(t, w, "2026-03-09T12:00:00Z", "one")
	if err := w.Roll(); err != nil {
		t.Fatal(err)
	}
	write(t, w, "2026-03-09T12:00:00Z", "two")
	wantLines(t, dir, "u_extend1.log", "# one")
	wantLines(t, dir, "u_extend2.log", "# two")
}

func TestRoll_afterClose(t *testing.T) {
	w, _ := opened(t)
	w.Close()
	if err := w.Roll(); err == nil {
		t.Error("a closed log was rolled")
	}
	stream, err := w3clog.NewWriter(&strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Roll(); err != nil {
		t.Errorf("a stream: %v", err)
	}
}

// The file of a period that is over is closed although nobody writes a row.
func TestPeriod_endClosesTheFile(t *testing.T) {
	w, dir := opened(t)
	now := time.Now()
	w.EndsIn(20 * time.Millisecond)
	for end := time.Now().Add(5 * time.Second); w.IsOpen(); {
		if time.Now().After(end) {
			t.Fatal("the file is open behind the end of its period")
		}
		time.Sleep(time.Millisecond)
	}
	write(t, w, now.UTC().Format(time.RFC3339), "late")
	files, _ := filepath.Glob(filepath.Join(dir, "*.log"))
	wantLines(t, dir, filepath.Base(files[len(files)-1]), "# # late")
}
