package coding_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/coding"
)

var roomy = coding.Limits{Size: 1 << 30, Ratio: 2000, Free: 0}

func compressed(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	d, err := coding.NewDeflate(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDeflate_roundTrip(t *testing.T) {
	for _, level := range []int{1, 6, 9, 6} { // the second time with one that was used
		for _, text := range []string{"", "a", strings.Repeat("some text ", 100000)} {
			stream := compressed(t, []byte(text), level)
			for name, src := range map[string]io.Reader{
				"whole": bytes.NewReader(stream), "octet by octet": iotest.OneByteReader(bytes.NewReader(stream)),
			} {
				if got, err := io.ReadAll(coding.NewInflate(src, roomy)); err != nil || string(got) != text {
					t.Errorf("level %d, %s: %d octets came back as %d, %v", level, name, len(text), len(got), err)
				}
			}
		}
	}
	for _, level := range []int{-1, 0, 10} {
		if _, err := coding.NewDeflate(io.Discard, level); err == nil {
			t.Errorf("level %d is taken", level)
		}
	}
}

func TestInflate_ends(t *testing.T) {
	stream := compressed(t, []byte(strings.Repeat("some text ", 1000)), 6)
	wrongSum := bytes.Clone(stream)
	wrongSum[len(wrongSum)-1] ^= 1
	broken := errors.New("connection broken")
	for _, tt := range []struct {
		name string
		src  io.Reader
		want error // nil: io.EOF
	}{
		{"no octet at all", bytes.NewReader(nil), nil},
		{"whole", bytes.NewReader(stream), nil},
		{"cut in the header", bytes.NewReader(stream[:1]), io.ErrUnexpectedEOF},
		{"cut", bytes.NewReader(stream[:len(stream)/2]), io.ErrUnexpectedEOF},
		{"cut in the checksum", bytes.NewReader(stream[:len(stream)-2]), io.ErrUnexpectedEOF},
		{"wrong checksum", bytes.NewReader(wrongSum), coding.ErrCorrupt},
		{"no such format", strings.NewReader("plain text"), coding.ErrCorrupt},
		{"octets behind it", bytes.NewReader(append(bytes.Clone(stream), 0)), coding.ErrCorrupt},
		{"connection broken", io.MultiReader(bytes.NewReader(stream[:40]), iotest.ErrReader(broken)), broken},
		{"broken behind the end", io.MultiReader(bytes.NewReader(stream), iotest.ErrReader(broken)), broken},
		{"broken at once", iotest.ErrReader(broken), broken},
	} {
		if _, err := io.Copy(io.Discard, coding.NewInflate(tt.src, roomy)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

// Checklist R6: a few octets do not become very many, and cost no memory.
func TestInflate_bombs(t *testing.T) {
	bomb := compressed(t, make([]byte, 64<<20), 9)
	for _, tt := range []struct {
		name   string
		limits coding.Limits
		most   int64 // what may come out of it; 0: all, without an error
	}{
		{"size", coding.Limits{Size: 1 << 20, Ratio: 2000}, 1<<20 + 64<<10},
		{"ratio", coding.Limits{Size: 1 << 30, Ratio: 100}, 8 << 20},
		{"ratio behind a part", coding.Limits{Size: 1 << 30, Ratio: 100, Free: 16 << 20}, 17 << 20},
		{"within both", coding.Limits{Size: 64 << 20, Ratio: 1100}, 0},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, coding.NewInflate(bytes.NewReader(bomb), tt.limits), make([]byte, 32<<10))
		runtime.ReadMemStats(&after)
		if tt.most == 0 && (err != nil || n != 64<<20) || tt.most > 0 && (!errors.Is(err, coding.ErrLarge) || n > tt.most) {
			t.Errorf("%s: got %d octets, %v", tt.name, n, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
			t.Errorf("%s: allocated %d octets", tt.name, grown)
		}
	}
}

// FuzzInflate: no stream gives more than the limits allow or panics, and what ends
// well is what zlib reads of it.
func FuzzInflate(f *testing.F) {
	f.Add(compressed(f, []byte("some text"), 6), 1000, 10)
	f.Add(compressed(f, make([]byte, 1<<20), 9), 1<<20, 1100)
	f.Add(compressed(f, make([]byte, 1<<20), 1), 1<<16, 20)
	f.Add([]byte("\x78\x9c"), 0, 0)
	f.Fuzz(func(t *testing.T, stream []byte, size, ratio int) {
		limits := coding.Limits{Size: int64(1 + abs(size)%(1<<21)), Ratio: 1 + abs(ratio)%2000}
		var got bytes.Buffer
		_, err := io.CopyBuffer(struct{ io.Writer }{&got}, coding.NewInflate(bytes.NewReader(stream), limits), make([]byte, 4<<10))
		// One read may overstep; its octets are given beside the error.
		if over := int64(got.Len()) - limits.Size; over > 4<<10 {
			t.Fatalf("%d octets more than the limit", over)
		}
		if over := int64(got.Len()) - int64(len(stream))*int64(limits.Ratio); over > 4<<10+int64(limits.Ratio) {
			t.Fatalf("%d octets more than the ratio allows", over)
		}
		if err != nil || len(stream) == 0 {
			return
		}
		zr, err := zlib.NewReader(bytes.NewReader(stream))
		if err != nil {
			t.Fatalf("zlib says %v", err)
		}
		if want, err := io.ReadAll(zr); err != nil || !bytes.Equal(want, got.Bytes()) {
			t.Fatalf("zlib reads %d octets, %v; got %d", len(want), err, got.Len())
		}
	})
}
