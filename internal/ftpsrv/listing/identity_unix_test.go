//go:build unix

package listing_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// Two names of one file have one fact unique, whatever their paths.
func TestMachine_uniqueOfHardLinks(t *testing.T) {
	dir := t.TempDir()
	one, two, other := filepath.Join(dir, "one"), filepath.Join(dir, "two"), filepath.Join(dir, "other")
	for _, name := range []string{one, other} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(one, two); err != nil {
		t.Fatal(err)
	}
	facts := func(name string) string {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(listing.Machine{Facts: listing.FactUnique}.Append(nil, info, "/"+filepath.Base(name)))
	}
	if facts(one) != facts(two) || facts(one) == facts(other) {
		t.Errorf("got %s, %s and %s", facts(one), facts(two), facts(other))
	}
}
