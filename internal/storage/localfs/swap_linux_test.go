package localfs_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/localfs"
)

// swapped returns a base with alice's and bob's home, and exchanges name, which
// alice's is or lies below, for what take makes, to and fro, until the test ends.
func swapped(t *testing.T, name string, take func(decoy string) error) (base string) {
	t.Helper()
	base = t.TempDir()
	for _, who := range []string{"alice", "bob"} {
		home := filepath.Join(base, who, "home")
		if err := os.MkdirAll(home, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, "owner"), []byte(who), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	home := filepath.Join(base, name)
	decoy := filepath.Join(filepath.Dir(home), "decoy")
	if err := take(decoy); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		for ctx.Err() == nil {
			if err := unix.Renameat2(unix.AT_FDCWD, home, unix.AT_FDCWD, decoy, unix.RENAME_EXCHANGE); err != nil {
				t.Errorf("swap: %v", err)
				return
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		group.Wait()
	})
	return base
}

// owner opens alice's home and tells whose it is, "" if it does not open.
func owner(t *testing.T, base string) string {
	t.Helper()
	home, err := localfs.OpenWithin(base, "alice/home", storage.Options{})
	if err != nil {
		return ""
	}
	defer home.Close()
	r, err := home.Open(t.Context(), "/owner", 0)
	if err != nil {
		return ""
	}
	defer r.Close()
	who, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return string(who)
}

// All homes lie below one base, so a link that a user swaps in for her own home
// would not leave what os.Root confines to, and lead to another user's.
func TestOpenWithin_swapLeadsToNobodyElse(t *testing.T) {
	link := func(target string) func(string) error {
		return func(decoy string) error { return os.Symlink(target, decoy) }
	}
	for name, tt := range map[string]struct {
		name string
		take func(decoy string) error
	}{
		"a link further away": {"alice/home", link("../bob/home")},
		"a link next to it":   {"alice", link("bob")},
		"a pipe":              {"alice/home", func(decoy string) error { return unix.Mkfifo(decoy, 0o600) }},
		"a pipe on the way":   {"alice", func(decoy string) error { return unix.Mkfifo(decoy, 0o600) }},
	} {
		t.Run(name, func(t *testing.T) {
			base := swapped(t, tt.name, tt.take)
			found := make(map[string]int)
			done := make(chan struct{})
			go func() {
				defer close(done)
				for begun := time.Now(); time.Since(begun) < 500*time.Millisecond; {
					found[owner(t, base)]++
				}
			}()
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Fatal("opening a home hangs")
			}
			if found["bob"] > 0 || found["alice"] == 0 || found[""] == 0 {
				t.Errorf("homes that opened: %v; want alice's, none of bob's, and some that did not open", found)
			}
		})
	}
}
