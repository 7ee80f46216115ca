// Package winpath knows which names Windows file systems accept for one
// component of a path. The same rules hold for the two directory attributes and
// for names that FTP clients send, on every storage and every system, so that a
// home behaves the same whichever node serves it.
package winpath

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxComponent is the longest component in UTF-16 units.
const MaxComponent = 255

// The reasons why a component is refused.
var (
	ErrEmpty     = errors.New("is empty")
	ErrDots      = errors.New(`is "." or ".."`)
	ErrText      = errors.New("is not valid UTF-8")
	ErrControl   = errors.New("holds a control or invisible formatting character")
	ErrCharacter = errors.New(`holds one of < > : " / \ | ? *`)
	ErrTrailing  = errors.New("ends in a dot or a blank")
	ErrDevice    = errors.New("is a reserved device name")
	ErrLong      = errors.New("is longer than 255 characters")
)

// Check returns nil if name is a component that Windows stores under exactly
// this name, and the reason otherwise. It refuses device names (CON, NUL.txt,
// COM¹), alternate streams (a:b, a::$DATA), names that Windows would shorten
// (trailing dot or blank), wildcards and separators. Source: Microsoft, "Naming
// Files, Paths, and Namespaces".
func Check(name string) error {
	switch name {
	case "":
		return ErrEmpty
	case ".", "..":
		return ErrDots
	}
	if err := CheckText(name); err != nil {
		return err
	}
	switch {
	case strings.ContainsAny(name, `<>:"/\|?*`):
		return ErrCharacter
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return ErrTrailing
	case IsDevice(name):
		return ErrDevice
	case Units(name) > MaxComponent:
		return ErrLong
	}
	return nil
}

// CheckText returns nil if s is valid UTF-8 without control characters,
// direction marks, byte order marks and other characters that nobody sees.
func CheckText(s string) error {
	if !utf8.ValidString(s) {
		return ErrText
	}
	for _, r := range s {
		if unicode.IsControl(r) || invisible(r) {
			return ErrControl
		}
	}
	return nil
}

// Line and paragraph separators break log lines and listings, format characters
// make two names look like one. The joiners are left: some scripts need them.
func invisible(r rune) bool {
	const zwnj, zwj = 0x200c, 0x200d
	return r == 0x2028 || r == 0x2029 || (unicode.Is(unicode.Cf, r) && r != zwnj && r != zwj)
}

// IsDevice reports whether Windows takes name for a device, also with an
// extension or trailing blanks.
func IsDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	for _, port := range [...]string{"COM", "LPT"} {
		if digit, ok := strings.CutPrefix(base, port); ok {
			return utf8.RuneCountInString(digit) == 1 && strings.ContainsAny(digit, "0123456789¹²³")
		}
	}
	return false
}

// Units returns the length of s in UTF-16 units, the way Active Directory and
// Windows count.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Fold maps s to one spelling for comparison: case is folded rune by rune, as
// NTFS does, without locale and without normalisation.
func Fold(s string) string { return strings.Map(unicode.ToUpper, s) }
