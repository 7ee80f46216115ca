package listing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SplitPattern separates a path argument of LIST or NLST whose last component
// holds a wildcard: "a/*.txt" is dir "a/" and pattern "*.txt". Without a
// wildcard there, pattern is "" and dir is arg. Wildcards in the directory part
// are none, so that a pattern never walks a tree (G1).
func SplitPattern(arg string) (dir, pattern string) {
	cut := strings.LastIndexAny(arg, `/\`) + 1
	if !strings.ContainsAny(arg[cut:], "*?") {
		return arg, ""
	}
	return arg[:cut], arg[cut:]
}

// Match reports whether name matches pattern, in which * stands for any run of
// characters and ? for one; letter case does not count. All else is literal,
// also [, ] and braces, as on Windows. As there, ".*" at the end of a pattern
// matches a name without a dot, too, so that "*.*" is everything.
//
// It keeps two positions and steps back to the last * only, so that its time is
// bounded by the product of both lengths for every pattern.
func Match(pattern, name string) bool {
	if strings.HasSuffix(pattern, ".*") && !strings.Contains(name, ".") {
		return glob(strings.TrimSuffix(pattern, ".*"), name) || glob(pattern, name)
	}
	return glob(pattern, name)
}

func glob(pattern, name string) bool {
	p, n := 0, 0
	star, from := -1, 0 // the pattern after the last *, and where in name it is tried
	for n < len(name) {
		have, width := fold(name[n:])
		if p < len(pattern) && pattern[p] == '*' {
			p++
			star, from = p, n
			continue
		}
		if p < len(pattern) {
			want, size := fold(pattern[p:])
			if want == '?' || want == have {
				p += size
				n += width
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, width = fold(name[from:])
		from += width
		p, n = star, from
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// fold decodes the first character of s in the case that Windows compares in.
// Each byte that is not UTF-8 is a character of its own.
func fold(s string) (r rune, size int) {
	if c := s[0]; c < utf8.RuneSelf {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		return rune(c), 1
	}
	r, size = utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 {
		return -rune(s[0]), 1
	}
	return unicode.ToUpper(r), size
}
