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

// recorded is what STRU R makes of a file, in the plainest way.
func recorded(file string, text bool) string {
	file = strings.ReplaceAll(file, "\xff", "\xff\xff")
	if text {
		file = strings.ReplaceAll(strings.ReplaceAll(file, "\r\n", "\n"), "\n", "\xff\x01")
	}
	return file + "\xff\x02"
}

var records = append([]string{"\xff", "\xff\xff", "a\xffb\n\xff\n", "\r\xff", "\r\n\xff\r", "\xff\x01", strings.Repeat("\xff\n", 100)}, texts...)

func TestRecords(t *testing.T) {
	for _, file := range records {
		for _, text := range []bool{false, true} {
			for _, size := range []int{1, 2, 3, 64, 4096} {
				want := recorded(file, text)
				r := coding.NewRecords(strings.NewReader(file), text, make([]byte, size))
				if got, err := io.ReadAll(iotest.OneByteReader(r)); err != nil || string(got) != want {
					t.Errorf("%q as text %v by %d: got %q, %v, want %q", file, text, size, got, err, want)
				}
				unrecorded(t, want, strings.ReplaceAll(file, "\r\n", "\n"), text, size)
			}
		}
	}
	broken := errors.New("broken")
	r := coding.NewRecords(io.MultiReader(strings.NewReader("text"), iotest.ErrReader(broken)), true, make([]byte, 16))
	if got, err := io.ReadAll(r); !errors.Is(err, broken) || string(got) != "text" {
		t.Errorf("got %q, %v", got, err)
	}
}

// unrecorded sends a stream back in pieces.
func unrecorded(t *testing.T, wire, asText string, text bool, size int) {
	t.Helper()
	line, want := "", strings.ReplaceAll(strings.TrimSuffix(wire, "\xff\x02"), "\xff\xff", "\xff")
	if text {
		line, want = "\n", asText
	}
	for _, piece := range []int{1, 3, 4096} {
		var b bytes.Buffer
		u := coding.NewUnrecord(&b, line, make([]byte, 2+size))
		for _, part := range pieces(wire, piece) {
			if n, err := u.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatalf("%q: wrote %d of %d octets, %v", wire, n, len(part), err)
			}
		}
		if err := u.Flush(); err != nil || b.String() != want {
			t.Errorf("%q as text %v: got %q, %v, want %q", wire, text, b.String(), err, want)
		}
	}
}

func TestUnrecord_ends(t *testing.T) {
	for wire, want := range map[string]error{
		"a\xff\x01b\xff\x02": nil, "a\xff\x03": nil, "\xff\x02": nil, "": io.ErrUnexpectedEOF, "a": io.ErrUnexpectedEOF, "a\xff\x01": io.ErrUnexpectedEOF,
		"a\xff": io.ErrUnexpectedEOF, "a\xff\x02b": coding.ErrCorrupt, "a\xff\x04": coding.ErrCorrupt, "a\xff\x00\xff\x02": coding.ErrCorrupt,
	} {
		u := coding.NewUnrecord(io.Discard, "\r\n", make([]byte, 8))
		_, err := u.Write([]byte(wire))
		if err == nil {
			err = u.Flush()
		}
		if !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", wire, err, want)
		}
	}
	full := errors.New("full")
	if _, err := coding.NewUnrecord(failing{full}, "\n", make([]byte, 8)).Write([]byte("text\xff\x02")); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

// FuzzRecords: any file comes back from its records, and no stream makes Unrecord do
// more than fail.
func FuzzRecords(f *testing.F) {
	for _, file := range records {
		f.Add(file, true, 3)
	}
	f.Add("a\xff\x03", false, 1)
	f.Fuzz(func(t *testing.T, file string, text bool, size int) {
		size = 1 + abs(size)%300
		wire, err := io.ReadAll(coding.NewRecords(strings.NewReader(file), text, make([]byte, size)))
		if err != nil || string(wire) != recorded(file, text) {
			t.Fatalf("got %q, %v, want %q", wire, err, recorded(file, text))
		}
		unrecorded(t, string(wire), strings.ReplaceAll(file, "\r\n", "\n"), text, size)
		var b bytes.Buffer
		u := coding.NewUnrecord(&b, "\r\n", make([]byte, 2+size))
		if _, err := u.Write([]byte(file)); err == nil && b.Len() > 2*len(file) {
			t.Fatalf("%d octets became %d", len(file), b.Len())
		}
	})
}
