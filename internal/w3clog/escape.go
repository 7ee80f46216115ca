package w3clog

import (
	"unicode"
	"unicode/utf8"
)

const hex = "0123456789ABCDEF"

// appendValue adds a text column: "-" for nothing, "+" for a blank as IIS has
// it, and %XX for each byte of a character that could end the column or the row,
// fool a reader of quoted strings, or not be seen: controls, every other kind of
// space, invisible and undefined characters, quotes, and what is not UTF-8.
func appendValue(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, '-')
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ':
			dst = append(dst, '+')
		case c > ' ' && c < 0x7F && c != '"':
			dst = append(dst, c)
		case c < utf8.RuneSelf:
			dst = appendHex(dst, c)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if (r != utf8.RuneError || size > 1) && unicode.IsPrint(r) {
				dst = append(dst, s[i:i+size]...)
			} else {
				for _, c := range []byte(s[i : i+size]) {
					dst = appendHex(dst, c)
				}
			}
			i += size
			continue
		}
		i++
	}
	return dst
}

func appendHex(dst []byte, c byte) []byte { return append(dst, '%', hex[c>>4], hex[c&15]) }
