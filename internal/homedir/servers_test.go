package homedir_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

func TestCheckServers(t *testing.T) {
	for pattern, want := range map[string]bool{
		"fs01": true, "fs01.corp.example.com": true, "*.corp.example.com": true, "*.corp": true, "192.0.2.7": true,
		"FS_01": true, "": false, " ": false, " fs01": false, "fs01 ": false, "fs01\t": false, `\\fs01`: false, "fs[0-9]": false,
		"*": false, "*.": false, "fs*": false, "*fs": false, "**": false, "**.corp": false, "*.*": false, "*.*.corp": false,
		"fs*.corp": false, "fs01.*": false, "a.*.corp": false, "*. corp": false, "*.corp.": false, "*..corp": false, "fs?": false,
		"fs01.": false, ".corp": false, "fs01:445": false, "fs01/s": false, "fs\u212a": false,
	} {
		if err := homedir.CheckServers(pattern); (err == nil) != want {
			t.Errorf("%q: %v, want accepted %v", pattern, err, want)
		}
	}
}

func TestMatchServers(t *testing.T) {
	tests := []struct {
		pattern, server string
		want            bool
	}{
		{"fs01", "fs01", true}, {"fs01", "FS01", true}, {"Fs01.Corp", "fS01.cORP", true},
		{"fs01", "fs01.corp", false}, {"fs01.corp", "fs01", false}, {"fs01", "fs011", false}, {"fs01", "xfs01", false},
		{"*.corp", "fs01.corp", true}, {"*.CORP", "a.b.corp", true}, {"*.corp", "corp", false}, {"*.corp", "fs01corp", false},
		{"*.corp", "fs01.corp.example.net", false}, {"*.corp", "fs01.xcorp", false}, {"*.corp", ".corp", false}, {"*.corp", "", false},
		// What was never checked admits nobody.
		{"*", "fs01", false}, {"*.", "fs01", false}, {"fs*", "fs01", false}, {"fs*", "fs.evil.example.net", false},
		{"*fs01", "fs01", false}, {"*fs01", "evilfs01", false}, {"*.*", "a.b", false}, {"**.corp", "a.corp", false}, {"", "", false},
		{"fs[01]", "fs0", false}, {"fs?1", "fs01", false},
	}
	for _, tt := range tests {
		if got := homedir.MatchServers(tt.pattern, tt.server); got != tt.want {
			t.Errorf("%q and %q: got %v, want %v", tt.pattern, tt.server, got, tt.want)
		}
	}
}
