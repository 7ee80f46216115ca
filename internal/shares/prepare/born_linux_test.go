package prepare

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A directory that takes another's place is not the same one, even if it gets the
// number of the first.
func TestIdentity_ofASecondDirectory(t *testing.T) {
	place := filepath.Join(t.TempDir(), "alice")
	made := func() string {
		t.Helper()
		if err := os.Mkdir(place, 0o700); err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(place)
		if err != nil {
			t.Fatal(err)
		}
		return identity(place, info)
	}
	first := made()
	if !strings.Contains(first, " of 20") {
		return // this file system does not tell when a directory was made
	}
	info, err := os.Lstat(place)
	if err != nil || identity(place, info) != first {
		t.Errorf("the same one is %s, %v, and was %s", identity(place, info), err, first)
	}
	for began := time.Now(); time.Since(began) < 20*time.Millisecond; { // file systems count in ticks
		if err := os.Remove(place); err != nil {
			t.Fatal(err)
		}
		info := made()
		if time.Since(began) > 10*time.Millisecond && info == first {
			t.Errorf("the second one is %s, too", info)
		}
	}
}
