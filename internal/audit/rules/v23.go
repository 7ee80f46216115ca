package rules

import (
	"unicode"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// v23 finds letters in two pieces.
func v23() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V23", Title: "name not in Unicode's composed form", Severity: audit.Medium,
		Explanation: "A value holds a letter and its accent as two characters, or a symbol that Unicode maps to a letter, as macOS and some scripts write them. Windows keeps both forms apart: the name looks right and names no directory, or another one. Only letters of European scripts and of Hangul are recognized.",
		Remedy:      "Type the name anew on a Windows machine, and compare it with the directory.",
		References:  []string{"Unicode Standard Annex 15"},
	}, Account: either(func(v value) string {
		before := rune(0)
		for _, r := range v.text {
			european := unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic)
			hangul := r >= 0x1161 && r <= 0x11c2 && before >= 0x1100 && before <= 0x1175
			if r >= 0x300 && r <= 0x345 && european || hangul || r == '\u212a' || r == '\u212b' || r == '\u2126' {
				return "the value holds a letter in more than one piece, or a look-alike of one"
			}
			before = r
		}
		return ""
	})}
}
