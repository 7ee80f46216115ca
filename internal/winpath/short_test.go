package winpath_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

func TestIsShort(t *testing.T) {
	for name, want := range map[string]bool{
		"PROGRA~1": true, "progra~1": true, "PROGRA~1.TXT": true, "WEB~1.CON": true, "AB12F4~1.HT": true,
		"A~1": true, "~1": true, "ABC~9999": true, "a~b~12.x": true,
		"FZK3Q1~T": true, "fzk3q1~t.txt": true, // Samba
		"PROGRAM~1": false, "PROGRA~1.HTML": false, "PROGRA~1.A.B": false, "PROGRA~1.": true,
		"PROGRA~": false, "PROGRA~x1": false, "abc~x": false, "~": false, "~tmp": false, "file.c~1": false,
		"notes.~1~": false, "alice": false, "": false, "Ä~1": false, "日本~1": false, "draft~2026": false,
	} {
		if got := winpath.IsShort(name); got != want {
			t.Errorf("IsShort(%q) = %v, want %v", name, got, want)
		}
	}
}
