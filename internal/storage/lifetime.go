package storage

import (
	"context"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Lifetime is the time in which a home may be used, and what ends with it. Its
// zero value has begun. It is meant for implementations of FS.
type Lifetime struct {
	mu    sync.Mutex
	ended bool
	open  map[io.Closer]struct{}
}

// Enter begins a call about name and returns the name's parts. It fails with
// winerr.NetNameDeleted after End, with the error of a finished ctx, and as Parts
// does.
func (l *Lifetime) Enter(ctx context.Context, name string) ([]string, error) {
	l.mu.Lock()
	ended := l.ended
	l.mu.Unlock()
	if ended {
		return nil, winerr.NetNameDeleted
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return Parts(name)
}

// Track has End close c, a pointer, unless Forget is called before. After End it
// is winerr.NetNameDeleted, and c remains the caller's to close.
func (l *Lifetime) Track(c io.Closer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return winerr.NetNameDeleted
	}
	if l.open == nil {
		l.open = make(map[io.Closer]struct{})
	}
	l.open[c] = struct{}{}
	return nil
}

// Forget undoes Track.
func (l *Lifetime) Forget(c io.Closer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
}

// End ends the home and closes what is still open in it. It reports false, and
// does nothing, the second time.
func (l *Lifetime) End() bool {
	l.mu.Lock()
	again := l.ended
	l.ended = true
	open := slices.Collect(maps.Keys(l.open))
	l.mu.Unlock()
	for _, c := range open {
		_ = c.Close()
	}
	return !again
}
