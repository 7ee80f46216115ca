package listing_test

import (
	"io/fs"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// The lines are written from the reference's columns by hand, not by the code.
func TestStyle_Append(t *testing.T) {
	morning := time.Date(2026, time.March, 9, 0, 45, 59, 0, time.UTC)
	noon := time.Date(2026, time.December, 24, 12, 0, 0, 0, time.UTC)
	evening := time.Date(2019, time.August, 3, 23, 59, 0, 0, time.UTC)
	dos, long := listing.Style{GMT: true}, listing.Style{GMT: true, LongDate: true}
	unix := listing.Style{GMT: true, Unix: true}
	tests := []struct {
		name  string
		style listing.Style
		info  fs.FileInfo
		want  string
	}{
		{"file", dos, entry{"readme.txt", 1234, 0o644, noon}, "12-24-26  12:00PM                 1234 readme.txt"},
		{"directory", dos, entry{"docs", 4096, fs.ModeDir | 0o755, noon}, "12-24-26  12:00PM       <DIR>          docs"},
		{"after midnight", dos, entry{"a", 0, 0o644, morning}, "03-09-26  12:45AM                    0 a"},
		{"before midnight", dos, entry{"a", 7, 0o644, evening}, "08-03-19  11:59PM                    7 a"},
		{"no thousands separators", dos, entry{"big", 49359065088, 0o644, noon}, "12-24-26  12:00PM          49359065088 big"},
		{"largest", dos, entry{"max", math.MaxInt64, 0o644, noon}, "12-24-26  12:00PM  9223372036854775807 max"},
		{"long date", long, entry{"readme.txt", 1234, 0o644, evening}, "08-03-2019  11:59PM                 1234 readme.txt"},
		{"long date, directory", long, entry{"docs", 0, fs.ModeDir, evening}, "08-03-2019  11:59PM       <DIR>          docs"},
		{"Unix file of this year", unix, entry{"readme.txt", 1234, 0o644, morning}, "-rw-r--r--   1 owner    group            1234 Mar  9 00:45 readme.txt"},
		{"Unix file of another year", unix, entry{"old", 9, 0o777, evening}, "-rwxrwxrwx   1 owner    group               9 Aug  3  2019 old"},
		{"Unix directory", unix, entry{"docs", 4096, fs.ModeDir | 0o777, noon}, "drwxrwxrwx   1 owner    group               0 Dec 24 12:00 docs"},
		{"Unix without rights", unix, entry{"none", 1, 0, noon}, "----------   1 owner    group               1 Dec 24 12:00 none"},
		{"Unix, huge", unix, entry{"max", math.MaxInt64, 0o644, noon}, "-rw-r--r--   1 owner    group    9223372036854775807 Dec 24 12:00 max"},
		{"name with blanks", dos, entry{" a b ", 1, 0o644, noon}, "12-24-26  12:00PM                    1  a b "},
		{"UTF-8", dos, entry{"Grüße", 1, 0o644, noon}, "12-24-26  12:00PM                    1 Grüße"},
		{"no time", dos, entry{"a", 1, 0o644, time.Time{}}, "01-01-01  12:00AM                    1 a"},
		{"absurd year", long, entry{"a", 1, 0o644, time.Date(30000, 1, 1, 0, 0, 0, 0, time.UTC)}, "01-01-9999  12:00AM                    1 a"},
		{"negative year", unix, entry{"a", 1, 0o644, time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}, "-rw-r--r--   1 owner    group               1 Jan  1  0000 a"},
		{"negative size", dos, entry{"a", -1, 0o644, noon}, "12-24-26  12:00PM                    0 a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := string(tt.style.Append([]byte("before|"), tt.info, now))
			if got != "before|"+tt.want+"\r\n" {
				t.Errorf("got\n%q, want\n%q", got, "before|"+tt.want+"\r\n")
			}
		})
	}
}

// A name starts in column 40, with a long date in column 42; a size ends 21
// characters after the time.
func TestStyle_columns(t *testing.T) {
	for _, tt := range []struct {
		name   string
		style  listing.Style
		column int
	}{
		{"short", listing.Style{}, 40},
		{"long", listing.Style{LongDate: true}, 42},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, info := range []fs.FileInfo{file("NAME", 5), dir("NAME"), file("NAME", 123456789012)} {
				line := string(tt.style.Append(nil, info, now))
				if got := strings.Index(line, "NAME") + 1; got != tt.column {
					t.Errorf("name in column %d, want %d: %q", got, tt.column, line)
				}
			}
			line := string(tt.style.Append(nil, file("NAME", 5), now))
			if got, want := strings.Index(line, "5 NAME")+1-strings.Index(line, "M "), 21; got-1 != want {
				t.Errorf("size ends %d characters after the time, want %d: %q", got-1, want, line)
			}
		})
	}
}

func TestStyle_zones(t *testing.T) {
	// 22:30 UTC on the last day of 2025 is 00:30 of 2026 two hours further east.
	tests := []struct {
		name  string
		style listing.Style
		want  string
	}{
		{"local", listing.Style{}, "01-01-26  12:30AM       <DIR>          d\r\n"},
		{"GMT", listing.Style{GMT: true}, "12-31-25  10:30PM       <DIR>          d\r\n"},
		{"Unix local is of this year", listing.Style{Unix: true}, "drwxr-xr-x   1 owner    group               0 Jan  1 00:30 d\r\n"},
		{"Unix GMT is not", listing.Style{Unix: true, GMT: true}, "drwxr-xr-x   1 owner    group               0 Dec 31  2025 d\r\n"},
		{"long date has no effect", listing.Style{Unix: true, GMT: true, LongDate: true}, "drwxr-xr-x   1 owner    group               0 Dec 31  2025 d\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.style.Append(nil, dir("d"), now)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// G4: one entry is one line, and no control character reaches a terminal.
func TestStyle_hostileNames(t *testing.T) {
	for _, tt := range []struct{ name, have, want string }{
		{"CR LF", "a\r\nb", "a??b"},
		{"a forged line", "x\r\n01-01-26  12:00AM                    1 y", "x??01-01-26  12:00AM                    1 y"},
		{"escape", "\x1b[2Jx", "?[2Jx"},
		{"NUL and tab", "a\x00\tb", "a??b"},
		{"delete", "a\x7f", "a?"},
		{"C1 in UTF-8", "a\u009bb\u0085c", "a?b?c"},
		{"C1 as a byte", "a\x9bb", "a?b"},
		{"Latin-1", "Gr\xfc\xdfe", "Gr\xfc\xdfe"},
		{"separators", `..\..\x/../y`, "..?..?x?..?y"},
		{"only control characters", "\n\n", "??"},
		{"not cut", strings.Repeat("ä", 300), strings.Repeat("ä", 300)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line := string(listing.Style{}.Append(nil, file(tt.have, 1), now))
			if got := line[39:]; got != tt.want+"\r\n" {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzStyle(f *testing.F) {
	f.Add("a\r\nb", int64(5), int64(1), true, false)
	f.Add("\xff\x80\u009b", int64(-5), int64(-1<<62), false, true)
	f.Fuzz(func(t *testing.T, name string, size, seconds int64, unix, longDate bool) {
		style := listing.Style{Unix: unix, LongDate: longDate}
		info := entry{name, size, 0o644, time.Unix(seconds, 0)}
		line := string(style.Append(nil, info, now))
		text, ok := strings.CutSuffix(line, "\r\n")
		if !ok || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || 0x7F <= r && r < 0xA0 }) {
			t.Errorf("line %q", line)
		}
	})
}

func TestStyle_AppendAllocatesNothing(t *testing.T) {
	info := fs.FileInfo(file("a name\n.txt", 123456))
	buf := make([]byte, 0, 1024)
	for _, style := range []listing.Style{{}, {LongDate: true}, {Unix: true}, {GMT: true}} {
		if n := testing.AllocsPerRun(100, func() { buf = style.Append(buf[:0], info, now) }); n != 0 {
			t.Errorf("%+v allocates %v times a line", style, n)
		}
	}
}

func BenchmarkStyle(b *testing.B) {
	info := fs.FileInfo(file("report-2026.xlsx", 123456))
	for name, style := range map[string]listing.Style{"dos": {}, "unix": {Unix: true}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 1024)
			for b.Loop() {
				buf = style.Append(buf[:0], info, now)
			}
		})
	}
}
