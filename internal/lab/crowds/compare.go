package crowds

import (
	"os"
	"testing"
	"time"
)

// Race is what two programs have taken for the same work in the same run.
type Race struct{ Ours, Theirs time.Duration }

// Judge holds ours to the part bar of theirs. In an ordinary run, where other things go
// on beside it on two cores, only twice the bar is an error; long runs (FTPISOCTL_LOAD)
// hold the bar itself.
func (r Race) Judge(t testing.TB, what string, bar float64) {
	t.Helper()
	ratio := r.Ours.Seconds() / r.Theirs.Seconds()
	t.Logf("%s: %v and %v, %.2f of it; the bar is %.2f", what, r.Ours, r.Theirs, ratio, bar)
	if os.Getenv("FTPISOCTL_LOAD") == "" {
		bar *= 2
	}
	if ratio > bar {
		t.Errorf("%s: %v are more than %.2f times %v", what, r.Ours, bar, r.Theirs)
	}
}
