package listing_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// folder is a directory with something of everything, in storage order.
func folder() iter.Seq2[fs.FileInfo, error] {
	return seq(nil,
		file("zebra.txt", 12), dir("Docs"), file("apple.TXT", 1234567), file(".profile", 3),
		file("Apple.txt", 9), dir("_private"), file("Übung.doc", 77), file("two words", 0),
		marked{file("desktop.ini", 282)}, dir("beta"), file("evil\r\nname", 1))
}

func TestList_goldens(t *testing.T) {
	for name, list := range map[string]listing.List{
		"dos.golden":      {},
		"dos-long.golden": {Style: listing.Style{LongDate: true}},
		"dos-gmt.golden":  {Style: listing.Style{GMT: true}},
		"unix.golden":     {Style: listing.Style{Unix: true}},
		"all.golden":      {Options: listing.Options{All: true}},
		"pattern.golden":  {Pattern: "*.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			list.Now = now
			var out bytes.Buffer
			if err := list.Write(&out, folder()); err != nil {
				t.Fatal(err)
			}
			golden(t, name, out.Bytes())
		})
	}
}

func names(t *testing.T, n listing.Names, entries iter.Seq2[fs.FileInfo, error]) string {
	t.Helper()
	var out bytes.Buffer
	n.Now = now
	if err := n.Write(&out, entries); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Row 1.1: each of the six letters has the effect that the documentation says.
func TestNames_letters(t *testing.T) {
	entries := func() iter.Seq2[fs.FileInfo, error] {
		return seq(nil, file("b.txt", 12), dir("a"), file(".c", 1), marked{file("d.ini", 2)})
	}
	tests := []struct{ arg, want string }{
		{"", "a\r\nb.txt\r\n"},
		{"-1", "a\r\nb.txt\r\n"},
		{"-C", "a  b.txt\r\n"},
		{"-l", "01-01-26  12:30AM       <DIR>          a\r\n03-09-26  04:05PM                   12 b.txt\r\n"},
		{"-F", "a/\r\nb.txt\r\n"},
		{"-a", ".c\r\na\r\nb.txt\r\nd.ini\r\n"},
		{"-A", ".c\r\na\r\nb.txt\r\nd.ini\r\n"},
		{"-lF", "01-01-26  12:30AM       <DIR>          a/\r\n03-09-26  04:05PM                   12 b.txt\r\n"},
		{"-CF", "a/  b.txt\r\n"},
		{"-rt", "a\r\nb.txt\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.arg, func(t *testing.T) {
			opts, _ := listing.ParseNLST(tt.arg)
			if got := names(t, listing.Names{Options: opts}, entries()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNames_longFollowsTheStyle(t *testing.T) {
	n := listing.Names{Style: listing.Style{Unix: true, GMT: true}, Options: listing.NLSTOptions{Format: listing.Long}}
	want := "-rw-r--r--   1 owner    group              12 Mar  9 14:05 b.txt\r\n"
	if got := names(t, n, seq(nil, file("b.txt", 12))); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Names are prefixed by the path that was asked for.
func TestNames_prefix(t *testing.T) {
	for _, tt := range []struct{ dir, want string }{
		{"", "file.txt\r\n"},
		{"/", "/file.txt\r\n"},
		{"docs", "docs/file.txt\r\n"},
		{"docs/", "docs/file.txt\r\n"},
		{`docs\`, "docs\\file.txt\r\n"},
		{".", "./file.txt\r\n"},
		{"/my docs/a", "/my docs/a/file.txt\r\n"},
		{"a\r\nb", "a??b/file.txt\r\n"},
	} {
		t.Run(tt.dir, func(t *testing.T) {
			if got := names(t, listing.Names{Dir: tt.dir}, seq(nil, file("file.txt", 1))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNames_patternsAndDots(t *testing.T) {
	entries := func() iter.Seq2[fs.FileInfo, error] {
		return seq(nil, file(".profile", 1), file("profile", 1), file("a.txt", 1), file(".", 1), file("..", 1), file("", 1))
	}
	for _, tt := range []struct{ pattern, want string }{
		{"*", "a.txt\r\nprofile\r\n"},
		{"*.*", "a.txt\r\nprofile\r\n"},
		{".*", ".profile\r\n"},
		{"*profile", "profile\r\n"},
		{"nothing*", ""},
	} {
		t.Run(tt.pattern, func(t *testing.T) {
			if got := names(t, listing.Names{Pattern: tt.pattern}, entries()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNames_columns(t *testing.T) {
	var infos []fs.FileInfo
	for i := range 30 {
		infos = append(infos, file(fmt.Sprintf("file-%02d%s", i, strings.Repeat("é", i%7)), 1))
	}
	n := listing.Names{Options: listing.NLSTOptions{Format: listing.Columns}}
	got := names(t, n, seq(nil, infos...))
	golden(t, "columns.golden", []byte(got))
	for line := range strings.Lines(got) {
		if text := strings.TrimSuffix(line, "\r\n"); len([]rune(text)) > 79 || strings.HasSuffix(text, " ") {
			t.Errorf("line %q", line)
		}
	}
	long := strings.Repeat("x", 200)
	if got := names(t, n, seq(nil, file(long, 1), file("y", 1))); got != long+"\r\ny\r\n" {
		t.Errorf("a name wider than the screen: %q", got)
	}
	if got := names(t, n, seq(nil)); got != "" {
		t.Errorf("empty directory: %q", got)
	}
}

func TestNames_columnsOfAHugeDirectory(t *testing.T) {
	n := listing.Names{Options: listing.NLSTOptions{Format: listing.Columns}}
	got := names(t, n, many(25_000))
	if n := len(strings.Fields(got)); n != 25_000 {
		t.Errorf("%d names, want 25000", n)
	}
}

func TestSorted(t *testing.T) {
	var got []string
	for info, err := range listing.Sorted(folder()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, info.Name())
	}
	want := []string{".profile", "Apple.txt", "apple.TXT", "beta", "desktop.ini", "Docs", "evil\r\nname",
		"two words", "zebra.txt", "_private", "Übung.doc"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSorted_limit(t *testing.T) {
	for n, sorted := range map[int]bool{9_999: true, 10_000: true, 10_001: false, 30_000: false} {
		var got []string
		for info := range listing.Sorted(many(n)) {
			got = append(got, info.Name())
		}
		if len(got) != n || slices.IsSorted(got) != sorted {
			t.Errorf("%d entries: got %d, sorted %v, want sorted %v", n, len(got), slices.IsSorted(got), sorted)
		}
		if !sorted && got[0] != fmt.Sprintf("f%07d", n) {
			t.Errorf("%d entries begin with %s, want the storage's first", n, got[0])
		}
	}
}

func TestSorted_stopsWhenTheLoopBreaks(t *testing.T) {
	for _, n := range []int{5, 20_000} {
		pulled := 0
		counted := func(yield func(fs.FileInfo, error) bool) {
			for info, err := range many(n) {
				pulled++
				if !yield(info, err) {
					return
				}
			}
		}
		for range listing.Sorted(counted) {
			break
		}
		if want := min(n, 10_001); pulled != want {
			t.Errorf("of %d entries %d were read, want %d", n, pulled, want)
		}
	}
}

func TestWrite_errorOfTheStorage(t *testing.T) {
	broken := func() iter.Seq2[fs.FileInfo, error] { return seq(errBroken, file("b", 1), file("a", 1)) }
	for name, write := range map[string]func(io.Writer) error{
		"LIST": func(w io.Writer) error { return listing.List{Now: now}.Write(w, broken()) },
		"NLST": func(w io.Writer) error { return listing.Names{}.Write(w, broken()) },
		"NLST -C": func(w io.Writer) error {
			return listing.Names{Options: listing.NLSTOptions{Format: listing.Columns}}.Write(w, broken())
		},
	} {
		var out bytes.Buffer
		if err := write(&out); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v, want the storage's error", name, err)
		}
		if !strings.Contains(out.String(), "a") || !strings.Contains(out.String(), "b") {
			t.Errorf("%s: got %q, want what came before the error", name, out.String())
		}
	}
	var got []string
	for info, err := range listing.Sorted(broken()) {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, info.Name())
	}
	if want := []string{"a", "b", errBroken.Error()}; !slices.Equal(got, want) {
		t.Errorf("Sorted: got %q, want %q", got, want)
	}
}

// failing takes some bytes and then fails.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestWrite_errorOfTheConnection(t *testing.T) {
	for _, room := range []int{0, 100_000} {
		if err := (listing.List{Now: now}).Write(&failing{room}, many(20_000)); !errors.Is(err, errBroken) {
			t.Errorf("LIST with room for %d: %v", room, err)
		}
		if err := (listing.Names{}).Write(&failing{room}, many(20_000)); !errors.Is(err, errBroken) {
			t.Errorf("NLST with room for %d: %v", room, err)
		}
	}
}

// G3: a huge directory is listed at flat memory.
func TestWrite_flatMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak uint64
	probe := func(yield func(fs.FileInfo, error) bool) {
		i := 0
		for info, err := range many(300_000) {
			if i++; i%50_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapAlloc)
			}
			if !yield(info, err) {
				return
			}
		}
	}
	if err := (listing.List{Now: now}).Write(io.Discard, probe); err != nil {
		t.Fatal(err)
	}
	if grown := int64(peak) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("heap grew by %d bytes", grown)
	}
}

func BenchmarkLIST(b *testing.B) {
	for name, style := range map[string]listing.Style{"dos": {}, "unix": {Unix: true}} {
		for _, n := range []int{100, 1000, 10_000} {
			var infos []fs.FileInfo
			for info := range many(n) {
				infos = append(infos, info)
			}
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := (listing.List{Style: style, Now: now}).Write(io.Discard, seq(nil, infos...)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
