package coding_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/coding"
)

// sent is what TYPE A makes of a file, in the plainest way.
func sent(file string) string {
	return strings.ReplaceAll(strings.ReplaceAll(file, "\r\n", "\n"), "\n", "\r\n")
}

var texts = []string{
	"", "\n", "\r", "\r\n", "\n\n", "\n\r", "\r\r\n", "\r\n\n", "\n\r\n", "a", "a\nb\r\nc\rd", "a\n", "\ra", "a\r", "a\r\r", "\r\r\r\n\n",
	strings.Repeat("a line of text\n", 40), strings.Repeat("a line of text\r\n", 40), strings.Repeat("\n", 40), strings.Repeat("\r", 40),
	strings.Repeat("\r\n", 40), strings.Repeat("x", 100),
}

func TestLines(t *testing.T) {
	for _, file := range texts {
		for _, size := range []int{1, 2, 3, 7, 64, 4096} {
			for name, src := range map[string]io.Reader{
				"whole": strings.NewReader(file), "octet by octet": iotest.OneByteReader(strings.NewReader(file)),
				"end with data": iotest.DataErrReader(strings.NewReader(file)),
			} {
				l := coding.NewLines(src, make([]byte, size))
				var got bytes.Buffer
				p := make([]byte, size)
				for {
					n, err := l.Read(p)
					got.Write(p[:n])
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				if got.String() != sent(file) {
					t.Errorf("%q %s by %d: got %q, want %q", file, name, size, got.String(), sent(file))
				}
			}
		}
	}
}

// pieces cuts a text into pieces of a size.
func pieces(text string, size int) (cut []string) {
	for len(text) > size {
		cut = append(cut, text[:size])
		text = text[size:]
	}
	return append(cut, text)
}

func TestText(t *testing.T) {
	for _, wire := range texts {
		for _, crlf := range []bool{false, true} {
			want := strings.ReplaceAll(wire, "\r\n", "\n")
			if crlf {
				want = sent(wire)
			}
			for _, size := range []int{2, 3, 7, 4096} {
				for _, piece := range []int{1, 2, 3, 5, 4096} {
					var got bytes.Buffer
					text := coding.NewText(&got, crlf, make([]byte, size))
					for _, part := range pieces(wire, piece) {
						if n, err := text.Write([]byte(part)); n != len(part) || err != nil {
							t.Fatalf("wrote %d of %d octets, %v", n, len(part), err)
						}
					}
					if err := text.Flush(); err != nil {
						t.Fatal(err)
					}
					if got.String() != want {
						t.Errorf("%q, home with CR LF %v, by %d and %d: got %q, want %q", wire, crlf, piece, size, got.String(), want)
					}
				}
			}
		}
	}
}

func TestText_tellsWhatTheStorageSays(t *testing.T) {
	full := errors.New("full")
	for _, crlf := range []bool{false, true} {
		text := coding.NewText(failing{full}, crlf, make([]byte, 16))
		if _, err := text.Write([]byte("text")); !errors.Is(err, full) {
			t.Errorf("home with CR LF %v: got %v", crlf, err)
		}
	}
	text := coding.NewText(failing{full}, false, make([]byte, 16))
	if _, err := text.Write([]byte("\r")); err != nil {
		t.Errorf("the CR is held back: got %v", err)
	}
	if err := text.Flush(); !errors.Is(err, full) {
		t.Errorf("flush: got %v", err)
	}
	lines := coding.NewLines(iotest.ErrReader(full), make([]byte, 16))
	if _, err := lines.Read(make([]byte, 16)); !errors.Is(err, full) {
		t.Errorf("lines: got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestCount(t *testing.T) {
	for _, file := range texts {
		for _, piece := range []int{1, 2, 3, 4096} {
			var count coding.Count
			for _, part := range pieces(file, piece) {
				_, _ = count.Write([]byte(part))
			}
			if want := int64(len(sent(file))); count.Octets != want {
				t.Errorf("%q by %d: got %d octets, want %d", file, piece, count.Octets, want)
			}
		}
	}
}

// FuzzText: whatever the text and its pieces are, a download counts and reads as a
// plain replacement would have it, and an upload of it gives the file back that has
// the line ends of the home.
func FuzzText(f *testing.F) {
	for _, text := range texts {
		f.Add(text, 3, 5)
	}
	f.Add("a\r\nb\nc\r", 2, 1)
	f.Fuzz(func(t *testing.T, file string, buffer, piece int) {
		buffer, piece = 2+abs(buffer)%300, 1+abs(piece)%300
		var wire bytes.Buffer
		lines := coding.NewLines(strings.NewReader(file), make([]byte, buffer))
		if _, err := io.CopyBuffer(struct{ io.Writer }{&wire}, lines, make([]byte, piece)); err != nil {
			t.Fatal(err)
		}
		if wire.String() != sent(file) {
			t.Fatalf("sent %q, want %q", wire.String(), sent(file))
		}
		var count coding.Count
		var unix, windows bytes.Buffer
		lf, crlf := coding.NewText(&unix, false, make([]byte, buffer)), coding.NewText(&windows, true, make([]byte, buffer))
		for _, part := range pieces(file, piece) {
			_, _ = count.Write([]byte(part))
		}
		for _, part := range pieces(wire.String(), piece) {
			for _, text := range []*coding.Text{lf, crlf} {
				if _, err := text.Write([]byte(part)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := errors.Join(lf.Flush(), crlf.Flush()); err != nil {
			t.Fatal(err)
		}
		if count.Octets != int64(wire.Len()) {
			t.Errorf("counted %d octets, sent %d", count.Octets, wire.Len())
		}
		if want := strings.ReplaceAll(wire.String(), "\r\n", "\n"); unix.String() != want {
			t.Errorf("stored %q, want %q", unix.String(), want)
		}
		if windows.String() != wire.String() {
			t.Errorf("stored %q at a home with CR LF, want %q", windows.String(), wire.String())
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}

func BenchmarkLines(b *testing.B) {
	for name, line := range map[string]string{"lf": "a line of some seventy characters, as they are in many a file of text\n", "crlf": "a line of some seventy characters, as they are in many a file of text\r\n", "none": strings.Repeat("x", 4096)} {
		b.Run(name, func(b *testing.B) {
			file := []byte(strings.Repeat(line, 1<<20/len(line)))
			in, out := make([]byte, 256<<10), make([]byte, 256<<10)
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				lines := coding.NewLines(bytes.NewReader(file), in)
				for {
					if _, err := lines.Read(out); err != nil {
						break
					}
				}
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	for name, crlf := range map[string]bool{"lf": false, "crlf": true} {
		b.Run(name, func(b *testing.B) {
			wire := []byte(strings.Repeat("a line of some seventy characters, as they are in many a file of text\r\n", 1<<20/72))
			buf := make([]byte, 256<<10)
			b.SetBytes(int64(len(wire)))
			for b.Loop() {
				text := coding.NewText(io.Discard, crlf, buf)
				if _, err := text.Write(wire); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
