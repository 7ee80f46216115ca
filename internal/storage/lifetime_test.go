package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestLifetime(t *testing.T) {
	var life storage.Lifetime
	if parts, err := life.Enter(t.Context(), "/a/b"); err != nil || !slices.Equal(parts, []string{"a", "b"}) {
		t.Errorf("got %q, %v", parts, err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for name, want := range map[string]winerr.Code{"/a": winerr.OperationAborted, "b": winerr.OperationAborted} {
		if _, err := life.Enter(done, name); winerr.Of(err) != want {
			t.Errorf("a finished context: got %v", err)
		}
	}
	if _, err := life.Enter(t.Context(), "/../a"); winerr.Of(err) != winerr.InvalidName {
		t.Errorf("an unclean name: got %v", err)
	}
	kept, forgotten, late := &guest{life: &life}, &guest{life: &life}, &guest{life: &life}
	must(t, "track", errors.Join(life.Track(kept), life.Track(forgotten)))
	life.Forget(forgotten)
	if !life.End() || life.End() {
		t.Error("want the first End to count, and no other")
	}
	if kept.closed != 1 || forgotten.closed != 0 {
		t.Errorf("End closed one %d times, and one that was forgotten %d times", kept.closed, forgotten.closed)
	}
	if _, err := life.Enter(t.Context(), "/a"); winerr.Of(err) != winerr.NetNameDeleted {
		t.Errorf("after the end: got %v", err)
	}
	if err := life.Track(late); winerr.Of(err) != winerr.NetNameDeleted || late.closed != 0 {
		t.Errorf("track after the end: got %v", err)
	}
}

// guest is an upload: it takes itself off the list.
type guest struct {
	life   *storage.Lifetime
	closed int
}

func (g *guest) Close() error {
	g.closed++
	g.life.Forget(g)
	return nil
}

func TestEnding(t *testing.T) {
	broken := errors.New("broken")
	succeed, fail := func() error { return nil }, func() error { return broken }
	for name, tt := range map[string]struct {
		end        func(e *storage.Ending) error
		first      error
		thenCommit error
	}{
		"commit":        {func(e *storage.Ending) error { return e.Commit(succeed) }, nil, nil},
		"failed commit": {func(e *storage.Ending) error { return e.Commit(fail) }, broken, fs.ErrClosed},
		"abort":         {func(e *storage.Ending) error { return e.Abort(succeed) }, nil, fs.ErrClosed},
		"failed abort":  {func(e *storage.Ending) error { return e.Abort(fail) }, broken, fs.ErrClosed},
	} {
		t.Run(name, func(t *testing.T) {
			var e storage.Ending
			must(t, "use", e.Use(succeed))
			if err := tt.end(&e); !errors.Is(err, tt.first) {
				t.Errorf("got %v, want %v", err, tt.first)
			}
			again := func() error { t.Error("it ended twice"); return nil }
			if err := e.Commit(again); !errors.Is(err, tt.thenCommit) {
				t.Errorf("commit afterwards: got %v, want %v", err, tt.thenCommit)
			}
			if err := e.Abort(again); err != nil {
				t.Errorf("abort afterwards: got %v", err)
			}
			if err := e.Use(again); !errors.Is(err, fs.ErrClosed) {
				t.Errorf("use afterwards: got %v", err)
			}
		})
	}
}
