package output

import (
	"strings"
	"unicode"
)

// Printable returns s with everything that a terminal could obey, or that
// changes the order or the end of a line, shown as U+FFFD.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// hidden reports control characters, direction marks and other format
// characters, and the two separators that some programs take for a line end. The
// joiners are left: some scripts need them.
func hidden(r rune) bool {
	const zwnj, zwj = 0x200c, 0x200d
	format := unicode.Is(unicode.Cf, r) && r != zwnj && r != zwj
	return unicode.IsControl(r) || format || r == 0x2028 || r == 0x2029
}
