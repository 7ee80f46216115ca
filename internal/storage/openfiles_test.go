package storage_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// must fails the test unless the call that err comes from succeeded.
func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func violation(t *testing.T, what string, err error) {
	t.Helper()
	if winerr.Of(err) != winerr.SharingViolation {
		t.Errorf("%s: got %v, want a sharing violation", what, err)
	}
}

func TestOpenFiles_oneWriter(t *testing.T) {
	table := storage.NewOpenFiles()
	release, err := table.Write("/d/a", "temporary", false)
	must(t, "write", err)
	_, err = table.Write("/d/a", "", false)
	violation(t, "a second writer", err)
	release()
	next, err := table.Write("/d/a", "", true)
	must(t, "after the writer", err)
	release() // the first writer's; it must not release the next
	violation(t, "the next writer", table.Idle("/d/a", "/"))
	next()
	must(t, "after all writers", table.Idle("/d/a", "/"))
}

func TestOpenFiles_readersAndWriters(t *testing.T) {
	table := storage.NewOpenFiles()
	_, first, err := table.Read("/a", false)
	must(t, "read", err)
	_, second, err := table.Read("/a", false)
	must(t, "a second reader", err)
	first()
	first() // a second call does nothing
	_, err = table.Write("/a", "", true)
	violation(t, "a writer that has to be alone", err)
	release, err := table.Write("/a", "temporary", false)
	must(t, "a writer beside a reader", err)
	_, _, err = table.Read("/a", false)
	violation(t, "a reader of an upload", err)
	temporary, third, err := table.Read("/a", true)
	if must(t, "a reader that may be beside", err); temporary != "temporary" {
		t.Errorf("got %q, want the temporary name", temporary)
	}
	second()
	release()
	_, err = table.Write("/a", "", true)
	violation(t, "a writer beside the last reader", err)
	third()
	_, err = table.Write("/a", "", true)
	must(t, "after the readers", err)
}

// Between the question whether a file is busy and the note that it is, nobody
// else may come.
func TestOpenFiles_asksAndNotesAtOnce(t *testing.T) {
	table := storage.NewOpenFiles()
	var readers, writers atomic.Int64
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 2000 {
				if _, release, err := table.Read("/a", false); err == nil {
					readers.Add(1)
					if writers.Load() > 0 {
						t.Error("a reader came beside a writer")
					}
					readers.Add(-1)
					release()
				}
				if release, err := table.Write("/a", "", true); err == nil {
					writers.Add(1)
					if readers.Load() > 0 {
						t.Error("a writer came beside a reader")
					}
					writers.Add(-1)
					release()
				}
			}
		})
	}
	group.Wait()
}

func TestOpenFiles_idle(t *testing.T) {
	table := storage.NewOpenFiles()
	_, _, err := table.Read("/d/b", false)
	must(t, "read", err)
	_, err = table.Write("/d/a", "", false)
	must(t, "write", err)
	for key, busy := range map[string]bool{"/d": true, "/d/a": true, "/d/b": false, "/d/ab": false, "": true, "/e": false, "/D": false} {
		if err := table.Idle(key, "/"); (winerr.Of(err) == winerr.SharingViolation) != busy {
			t.Errorf("%q: got %v, want busy %v", key, err, busy)
		}
	}
}
