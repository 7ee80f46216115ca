package winpath

import (
	"slices"
	"strings"
	"sync"
)

// mark is a character that joins letters before it.
type mark struct {
	char   rune
	class  uint8  // canonical combining class; 0 keeps its place
	joined string // a letter, what becomes of it, and so on
}

// composition is the tables in the form in which they are asked.
type composition struct {
	class map[rune]uint8
	join  map[[2]rune]rune
	apart map[rune][]rune // of one step
}

// tables makes composition of what is in compose_table.go, when it is first wanted.
var tables = sync.OnceValue(func() composition {
	t := composition{map[rune]uint8{}, map[[2]rune]rune{}, map[rune][]rune{}}
	for _, m := range marks() {
		t.class[m.char] = m.class
		for pair := []rune(m.joined); len(pair) > 1; pair = pair[2:] {
			t.join[[2]rune{pair[0], m.char}] = pair[1]
			t.apart[pair[1]] = []rune{pair[0], m.char}
		}
	}
	for entry := range strings.FieldsSeq(alwaysApart()) {
		chars := []rune(entry)
		t.apart[chars[0]] = chars[1:]
	}
	return t
})

// firstMark is the first character that is not in composed form wherever it stands.
const firstMark = 0x300

// Compose returns a text in Unicode's composed form (NFC, Unicode Standard Annex 15), in
// which a letter and its accent are one character. Marks that are in no composed letter
// stay where they are, and so do CJK compatibility ideographs.
func Compose(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= firstMark }) < 0 {
		return s
	}
	t := tables()
	var chars []rune
	for _, r := range s {
		chars = t.takeApart(chars, r)
	}
	t.order(chars)
	return string(t.joinAll(chars))
}

// takeApart appends a character, or what it consists of.
func (t composition) takeApart(to []rune, r rune) []rune {
	parts, ok := t.apart[r]
	if !ok {
		return append(to, r)
	}
	for _, part := range parts {
		to = t.takeApart(to, part)
	}
	return to
}

// order sorts marks that stand side by side by their class.
func (t composition) order(chars []rune) {
	for i := 0; i < len(chars); {
		n := i
		for n < len(chars) && t.class[chars[n]] > 0 {
			n++
		}
		slices.SortStableFunc(chars[i:n], func(a, b rune) int { return int(t.class[a]) - int(t.class[b]) })
		i = n + 1
	}
}

// joinAll joins each letter with the marks behind it, unless one between them that did
// not join has the same class or is a letter.
func (t composition) joinAll(chars []rune) []rune {
	joined := make([]rune, 0, len(chars))
	letter, last := -1, uint8(0) // where the letter is, and the class of what stands behind it
	for _, r := range chars {
		class := t.class[r]
		if letter >= 0 && (letter == len(joined)-1 || last != 0 && last < class) {
			if one, ok := t.pair(joined[letter], r); ok {
				joined[letter] = one
				continue
			}
		}
		if class == 0 {
			letter = len(joined)
		}
		last = class
		joined = append(joined, r)
	}
	return joined
}

// pair joins two characters. The syllables of Hangul are computed (The Unicode Standard,
// 3.12).
func (t composition) pair(a, b rune) (rune, bool) {
	const first, vowel, final, syllable, vowels, finals, syllables = 0x1100, 0x1161, 0x11a7, 0xac00, 21, 28, 11172
	switch l, v, f := a-first, b-vowel, b-final; {
	case l >= 0 && l < 19 && v >= 0 && v < vowels:
		return syllable + (l*vowels+v)*finals, true
	case a >= syllable && a < syllable+syllables && (a-syllable)%finals == 0 && f > 0 && f < finals:
		return a + f, true
	}
	one, ok := t.join[[2]rune{a, b}]
	return one, ok
}
