package storage_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// directory gives the entries in pieces, and then err.
func directory(t *testing.T, err error, pieces ...[]fs.FileInfo) func(int) ([]fs.FileInfo, error) {
	return func(n int) ([]fs.FileInfo, error) {
		if n <= 0 {
			t.Errorf("asked for %d entries: that is all at once", n)
		}
		if len(pieces) == 0 {
			return nil, err
		}
		piece := pieces[0]
		pieces = pieces[1:]
		return piece, nil
	}
}

func infos(t *testing.T, age time.Duration, names ...string) (infos []fs.FileInfo) {
	t.Helper()
	for _, name := range names {
		info, err := fs.Stat(fstest.MapFS{name: {ModTime: time.Now().Add(-age)}}, name)
		must(t, "stat", err)
		infos = append(infos, info)
	}
	return infos
}

func TestEntries(t *testing.T) {
	young, old := storage.TemporaryName(), storage.TemporaryName()
	var stale []string
	broken := errors.New("broken")
	readdir := directory(t, broken, infos(t, 0, "a", young, "b"), nil, infos(t, storage.StaleAfter+time.Hour, old, "c", "new\nline"))
	var names []string
	var errs []error
	for entry, err := range storage.Entries(t.Context(), readdir, func(name string) { stale = append(stale, name) }) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		names = append(names, entry.Name())
	}
	if want := []string{"a", "b", "c"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	if !slices.Equal(stale, []string{old}) {
		t.Errorf("got %q as stale, want %q", stale, old)
	}
	if len(errs) != 1 || !errors.Is(errs[0], broken) {
		t.Errorf("got the errors %v, want the one of the directory", errs)
	}
}

func TestEntries_ends(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range storage.Entries(ctx, directory(t, io.EOF, infos(t, 0, "a", "b", "c")), nil) {
		switch n++; {
		case n == 1 && err == nil:
			cancel()
		case n == 2 && errors.Is(err, context.Canceled):
		default:
			t.Errorf("round %d: %v", n, err)
		}
	}
	if n != 2 {
		t.Errorf("%d rounds, want an entry and an error", n)
	}
}

func TestMarked(t *testing.T) {
	info := storage.Marked(infos(t, 0, "a")[0])
	if h, ok := info.(interface{ Hidden() bool }); !ok || !h.Hidden() || info.Name() != "a" {
		t.Errorf("got %+v", info)
	}
}
