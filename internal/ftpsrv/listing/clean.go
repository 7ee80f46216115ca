package listing

import "unicode/utf8"

// appendEntry adds the name of an entry so that it stays one name: separators
// become question marks, too. A server that returns "../x" must not make a
// client write outside its folder.
func appendEntry(dst []byte, name string) []byte { return appendClean(dst, name, true) }

// appendClean adds text with a question mark for each control character: CR and
// LF would end the line, ESC and the C1 set speak to the client's terminal. All
// else is added as it is, also bytes that are not UTF-8, since a client that
// asks for the file must say them.
func appendClean(dst []byte, text string, entry bool) []byte {
	clean := 0
	for i := 0; i < len(text); {
		size, bad := 1, false
		if c := text[i]; c < utf8.RuneSelf {
			bad = c < ' ' || c == 0x7F || entry && (c == '/' || c == '\\')
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			bad = 0x80 <= r && r < 0xA0 || size == 1 && c < 0xA0
		}
		if bad {
			dst = append(append(dst, text[clean:i]...), '?')
			clean = i + size
		}
		i += size
	}
	return append(dst, text[clean:]...)
}

// nameless are entries that cannot be asked for by their name, and that no
// listing of Microsoft's shows.
func nameless(name string) bool { return name == "" || name == "." || name == ".." }
