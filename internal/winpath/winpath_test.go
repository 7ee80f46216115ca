package winpath_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name string
		want error
	}{
		{"alice", nil}, {"a b", nil}, {".profile", nil}, {"a.b.c", nil}, {"Ümläut", nil}, {"日本語", nil},
		{"-rf", nil}, {"console", nil}, {"COM10", nil}, {"COMX", nil}, {"100%", nil}, {"PROGRA~1", nil},
		{strings.Repeat("a", 255), nil},
		{"", winpath.ErrEmpty}, {".", winpath.ErrDots}, {"..", winpath.ErrDots},
		{"...", winpath.ErrTrailing}, {"name.", winpath.ErrTrailing}, {"name ", winpath.ErrTrailing},
		{"CON", winpath.ErrDevice}, {"nul.txt", winpath.ErrDevice}, {"Com1", winpath.ErrDevice},
		{"LPT³", winpath.ErrDevice}, {"aux .x", winpath.ErrDevice}, {"CONIN$", winpath.ErrDevice},
		{"a:b", winpath.ErrCharacter}, {"a::$DATA", winpath.ErrCharacter}, {"a/b", winpath.ErrCharacter},
		{`a\b`, winpath.ErrCharacter}, {"a*", winpath.ErrCharacter}, {"a?", winpath.ErrCharacter},
		{"a\x00b", winpath.ErrControl}, {"a\x1b[1m", winpath.ErrControl}, {"a\u202eb", winpath.ErrControl},
		{"\ufeffa", winpath.ErrControl}, {"a\u0085b", winpath.ErrControl}, {"a\u2028b", winpath.ErrControl},
		{"a\xffb", winpath.ErrText},
		{strings.Repeat("a", 256), winpath.ErrLong}, {strings.Repeat("😀", 128), winpath.ErrLong},
	}
	for _, tt := range tests {
		if got := winpath.Check(tt.name); !errors.Is(got, tt.want) {
			t.Errorf("Check(%q) = %v, want %v", tt.name, got, tt.want)
		}
	}
}

// What is accepted is one component, under exactly its own name, and so is every
// letter case of it.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"alice", "NUL.txt", "com¹ .x", "a:b", "name. ", "..", "PROGRA~1", "e\u0301", "a\u202eb", "\xc0\xaf", "CONOUT$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if winpath.IsShort(name) && winpath.Units(name) > len("12345678.123") {
			t.Fatalf("%q is no short name", name)
		}
		if winpath.Check(name) != nil {
			return
		}
		if name == "" || strings.ContainsAny(name, "/\\:\x00") || strings.TrimRight(name, ". ") != name || winpath.Units(name) > winpath.MaxComponent {
			t.Fatalf("%q is accepted", name)
		}
		if base, _, _ := strings.Cut(strings.ToUpper(name), "."); slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM³"}, strings.TrimRight(base, " ")) {
			t.Fatalf("the device %q is accepted", name)
		}
		folded := winpath.Fold(name)
		if winpath.Fold(folded) != folded {
			t.Fatalf("%q folds to %q, and that to %q", name, folded, winpath.Fold(folded))
		}
		if err := winpath.Check(folded); err != nil && !errors.Is(err, winpath.ErrLong) {
			t.Fatalf("%q is accepted, and %q not: %v", name, folded, err)
		}
	})
}

func TestUnits_countsUTF16(t *testing.T) {
	if got := winpath.Units("a😀"); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}
