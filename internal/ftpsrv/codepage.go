package ftpsrv

import (
	"io"
	"slices"
	"unicode/utf8"
)

// upperANSI are the characters 80 to 9F of Windows-1252, the code page of Windows in
// Western Europe and America (Unicode's table cp1252, with the five that it leaves
// open as Windows maps them); the others are those of Latin-1.
var upperANSI = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ',
}

// fromANSI is text in the code page as UTF-8.
func fromANSI(text string) string {
	var b []byte
	for i := range len(text) {
		r := rune(text[i])
		if 0x80 <= r && r < 0xA0 {
			r = upperANSI[r-0x80]
		}
		b = utf8.AppendRune(b, r)
	}
	return string(b)
}

// appendANSI adds text to dst in the code page. What that has no place for becomes a
// question mark, which no name may hold: a client that asks for it is refused and
// gets no other file.
func appendANSI(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch upper := slices.Index(upperANSI[:], r); {
		case r == utf8.RuneError && size == 1:
			dst = append(dst, text[i])
		case r < 0x80, 0xA0 <= r && r <= 0xFF:
			dst = append(dst, byte(r))
		case upper >= 0:
			dst = append(dst, byte(0x80+upper))
		default:
			dst = append(dst, '?')
		}
		i += size
	}
	return dst
}

// ansiWriter writes a listing in the code page. Each Write is whole lines.
type ansiWriter struct {
	w   io.Writer
	buf []byte
}

// Write converts and hands on.
func (a *ansiWriter) Write(p []byte) (int, error) {
	a.buf = appendANSI(a.buf[:0], p)
	if _, err := a.w.Write(a.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}
