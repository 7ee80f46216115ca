package winpath_test

import (
	"errors"
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

func TestUnits_countsUTF16(t *testing.T) {
	if got := winpath.Units("a😀"); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}
