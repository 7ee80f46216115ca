package winpath

import (
	"errors"
	"strings"
	"unicode"
)

// ErrShort says that a name may be the short alias of another one.
var ErrShort = errors.New("has the form of a short (8.3) name, such as PROGRA~1")

// IsShort reports whether name has the form under which a Windows volume or a
// file server also finds an entry with a longer name: ASCII, at most eight
// characters that end in ~ and digits, and at most three of extension
// (MS-FSCC 2.1.5.2.1). Samba's own form has one more letter or digit after the ~
// of an eight-character name. Storage that knows such aliases must not be asked
// for one, since a rule about the long name would not see it; a file that is
// really called so is the price.
func IsShort(name string) bool {
	base, extension, _ := strings.Cut(name, ".")
	const longestBase, longestExtension = 8, 3
	if len(base) > longestBase || len(extension) > longestExtension ||
		strings.Contains(extension, ".") || !ascii(name) {
		return false
	}
	tilde := strings.LastIndexByte(base, '~')
	if tilde < 0 {
		return false
	}
	tail := base[tilde+1:]
	if strings.Trim(tail, "0123456789") == "" {
		return tail != ""
	}
	return len(base) == longestBase && len(tail) == 1 && (tail[0]|0x20) >= 'a' && (tail[0]|0x20) <= 'z'
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
