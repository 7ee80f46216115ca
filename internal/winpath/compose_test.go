package winpath_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// The right-hand side is what the Unicode database of another language makes of the left.
func TestCompose(t *testing.T) {
	for _, tt := range [][2]string{
		{"cafe\u0301", "caf\u00e9"},
		{"\u1112\u1161\u11ab", "\ud55c"},
		{"\ud558\u11ab", "\ud55c"},
		{"\u212a", "K"},
		{"\u212b", "\u00c5"},
		{"a\u0302\u0323", "\u1ead"},
		{"a\u0323\u0302", "\u1ead"},
		{"a\u0301\u0301", "\u00e1\u0301"},
		{"a\u0301\u0323\u0308", "\u1ea1\u0301\u0308"},
		{"\u0301a", "\u0301a"},
		{"a\u030ab\u0301", "\u00e5b\u0301"},
		{"\u0958", "\u0915\u093c"},
		{"\u0e01\u0e34", "\u0e01\u0e34"},
		{"e\u0327\u0306", "\u1e1d"},
		{"\u1e9b\u0323", "\u1e9b\u0323"},
		{"\u0cc6\u0cc2\u0cd5", "\u0ccb"},
		{"x\u0301\u0302", "x\u0301\u0302"},
		{"\ud55c\u11a8", "\ud55c\u11a8"},
		{"\u0330\u0304\u0307", "\u0330\u0304\u0307"},
		{"i\u0301\u0114\u0107", "\u00ed\u0114\u0107"},
		{"\u0bd7", "\u0bd7"},
		{"\u00fc", "\u00fc"},
		{"\u0438\u0300A\u0306\u0301", "\u045d\u1eae"},
		{"l\u0327\u0d46\u0d57a\u0302\u0300", "\u013c\u0d4c\u1ea7"},
		{"\u0654", "\u0654"},
		{"\u0345\u0bca\u0399\u0314\u0300\u0306", "\u0345\u0bca\u1f3b\u0306"},
		{"\u1f62R\u0301\u03b1\u0314\u0345", "\u1f62\u0154\u1f81"},
		{"\u1e10\u0391\u0313\u0345\u091c\u093c", "\u1e10\u1f88\u091c\u093c"},
		{"\u0113\u0323c\u0302", "\u1eb9\u0304\u0109"},
		{"\u0cd5\u0324\u0cc2", "\u0cd5\u0324\u0cc2"},
		{"\u0a2b\u0a3cR\u0323\u0160", "\u0a2b\u0a3c\u1e5a\u0160"},
		{"\u011f\u1e93", "\u011f\u1e93"},
		{"\u3099\u1f43\u1f2b", "\u3099\u1f43\u1f2b"},
		{"\u030ah\u030c\u0300\u03a5\u0308", "\u030a\u021f\u0300\u03ab"},
		{"\u1e84\u30baK\u0331", "\u1e84\u30ba\u1e34"},
		{"\u013d\u010aH\u0323\u1ecd", "\u013d\u010a\u1e24\u1ecd"},
		{"W\u0307", "\u1e86"},
		{"\u0bbe", "\u0bbe"},
		{"O\u031b\u0301", "\u1eda"},
		{"\u30c0\u1e46\u1e3e\u0124", "\u30c0\u1e46\u1e3e\u0124"},
		{"\u1f6et\u032d", "\u1f6e\u1e71"},
		{"\u0174", "\u0174"},
		{"\u0325", "\u0325"},
		{"\u031b", "\u031b"},
		{"\u0328\u09be\u1ef1", "\u0328\u09be\u1ef1"},
		{"\u102e\u030f", "\u102e\u030f"},
		{"\u0dca\u030f", "\u0dca\u030f"},
		{"a\u0302\u0653\u1e2a\u0d57", "\u00e2\u0653\u1e2a\u0d57"},
		{"\u032dS\u0326\u0201", "\u032d\u0218\u0201"},
		{"\u0bbe\u0653\u0328\u0306", "\u0bbe\u0328\u0653\u0306"},
		{"\u102e", "\u102e"},
		{"e\u0327\u0306\u0327", "\u1e1d\u0327"},
		{"\u0d57", "\u0d57"},
		{"\u03a5\u0314\u0301a\u0302\u1fb3\u0bbe", "\u1f5d\u00e2\u1fb3\u0bbe"},
		{"\u0328U\u0300V\u0303\u0309", "\u0328\u00d9\u1e7c\u0309"},
		{"\u030f\u0311\u0475\u030f\u038e", "\u030f\u0311\u0477\u038e"},
		{"\u0303\u0328\u0cc2\u1fcd", "\u0328\u0303\u0cc2\u1fcd"},
		{"A\u030ao\u0302\u0309", "\u00c5\u1ed5"},
	} {
		if got := winpath.Compose(tt[0]); got != tt[1] {
			t.Errorf("%+q: got %+q, want %+q", tt[0], got, tt[1])
		}
	}
}

// What is composed stays so, and what cannot be composed stays as it is.
func TestCompose_leavesTheRest(t *testing.T) {
	for _, s := range []string{"", "alice", "m\u00fcller", "\ud55c\uae00", "a\xff", "\u65e5\u672c", "\U0001f600", strings.Repeat("\u0301", 300)} {
		if got := winpath.Compose(s); got != s && got != strings.ToValidUTF8(s, "\ufffd") {
			t.Errorf("%+q: got %+q", s, got)
		}
	}
}

// A text that has been composed is composed.
func TestCompose_twiceIsOnce(t *testing.T) {
	for r := rune(0x20); r < 0x3100; r++ {
		for _, m := range []rune{'\u0301', '\u0323', '\u0345', '\u3099', 'x'} {
			once := winpath.Compose(string([]rune{r, m, '\u0308', r}))
			if again := winpath.Compose(once); again != once {
				t.Fatalf("%+q becomes %+q", once, again)
			}
		}
	}
}
