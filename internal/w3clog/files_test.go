package w3clog_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// opened returns a writer whose rows have only a stem, and its folder.
func opened(t *testing.T, change ...func(*w3clog.Config)) (*w3clog.Writer, string) {
	t.Helper()
	cfg := w3clog.Config{Directory: filepath.Join(t.TempDir(), "logs", "FTPSVC1"), Fields: []string{"cs-uri-stem"}}
	for _, f := range change {
		f(&cfg)
	}
	w, err := w3clog.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w, cfg.Directory
}

// write adds a row of a time in RFC 3339.
func write(t *testing.T, w *w3clog.Writer, at, stem string) {
	t.Helper()
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(w3clog.Entry{Time: when, Stem: stem}); err != nil {
		t.Fatal(err)
	}
}

// lines returns a file of the log, its directives as "#".
func lines(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\r\n"), "\r\n") {
		if strings.HasPrefix(line, "#Fields") {
			line = "#"
		} else if strings.HasPrefix(line, "#") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, " ")
}

func wantLines(t *testing.T, dir, name, want string) {
	t.Helper()
	if got := lines(t, dir, name); got != want {
		t.Errorf("%s holds %q, want %q", name, got, want)
	}
}

func TestOpen_beginsTodaysFile(t *testing.T) {
	before := time.Now().UTC()
	_, dir := opened(t)
	name := before.Format("u_ex060102.log")
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		name = time.Now().UTC().Format("u_ex060102.log") // midnight was in between
	}
	wantLines(t, dir, name, "#")
	if runtime.GOOS == "windows" {
		return // modes are not kept there
	}
	info, err := os.Stat(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm() &^ 0o640; got != 0 {
		t.Errorf("mode %v, want no more than 0640", info.Mode())
	}
}

func TestOpen_failures(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w3clog.Open(w3clog.Config{Directory: file}); err == nil {
		t.Error("a file as directory: no error")
	}
	if _, err := w3clog.Open(w3clog.Config{Directory: t.TempDir(), Fields: []string{"x"}}); err == nil {
		t.Error("an unknown field: no error")
	}
}

func TestDaily_rollsAtMidnightUTC(t *testing.T) {
	w, dir := opened(t)
	write(t, w, "2026-03-09T23:59:59Z", "a")
	write(t, w, "2026-03-10T00:59:59+01:00", "b") // still the ninth
	write(t, w, "2026-03-10T00:00:00Z", "c")
	write(t, w, "2026-03-12T12:00:00Z", "d")
	wantLines(t, dir, "u_ex260309.log", "# a b")
	wantLines(t, dir, "u_ex260310.log", "# c")
	wantLines(t, dir, "u_ex260312.log", "# d")
}

func TestDaily_rollsAtLocalMidnight(t *testing.T) {
	zone := time.Local
	time.Local = time.FixedZone("east", 2*60*60)
	t.Cleanup(func() { time.Local = zone })
	w, dir := opened(t, func(cfg *w3clog.Config) {
		cfg.LocalTimeRollover = true
		cfg.Fields = []string{"date", "time"}
	})
	write(t, w, "2026-03-09T21:59:59Z", "")
	write(t, w, "2026-03-09T22:00:00Z", "")
	// The file follows local time, the columns stay UTC.
	wantLines(t, dir, "u_ex260309.log", "# 2026-03-09 21:59:59")
	wantLines(t, dir, "u_ex260310.log", "# 2026-03-09 22:00:00")
}

// A row that was made before midnight and written after it does not go back; a
// clock that was wrong does.
func TestDaily_stragglers(t *testing.T) {
	w, dir := opened(t)
	write(t, w, "2026-03-10T00:00:01Z", "a")
	write(t, w, "2026-03-09T23:59:58Z", "late")
	write(t, w, "2026-03-10T00:00:02Z", "b")
	wantLines(t, dir, "u_ex260310.log", "# a late b")
	write(t, w, "2026-03-08T12:00:00Z", "clock set back")
	wantLines(t, dir, "u_ex260308.log", "# clock+set+back")
}

func TestOpen_continuesWithAHeader(t *testing.T) {
	w, dir := opened(t)
	write(t, w, "2026-03-09T12:00:00Z", "a")
	w.Close()
	again, err := w3clog.Open(w3clog.Config{Directory: dir, Fields: []string{"cs-uri-stem"}})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	write(t, again, "2026-03-09T13:00:00Z", "b")
	wantLines(t, dir, "u_ex260309.log", "# a # b")
}

// A process that was killed in the middle of a row does not spoil the header.
func TestOpen_endsATornLine(t *testing.T) {
	w, dir := opened(t)
	if err := os.WriteFile(filepath.Join(dir, "u_ex260309.log"), []byte("#Fields: cs-uri-stem\r\nto"), 0o640); err != nil {
		t.Fatal(err)
	}
	write(t, w, "2026-03-09T12:00:00Z", "a")
	wantLines(t, dir, "u_ex260309.log", "# to # a")
}

func TestDaily_folderIsMadeAgain(t *testing.T) {
	w, dir := opened(t)
	write(t, w, "2026-03-09T12:00:00Z", "a")
	if runtime.GOOS == "windows" {
		w.Close() // an open file cannot be removed there, so nothing can happen
		return
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	write(t, w, "2026-03-10T12:00:00Z", "b")
	wantLines(t, dir, "u_ex260310.log", "# b")
}
