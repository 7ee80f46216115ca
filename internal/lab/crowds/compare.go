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
	ratio := r.ratio()
	t.Logf("%s: %v and %v, %.2f of it; the bar is %.2f", what, r.Ours, r.Theirs, ratio, bar)
	if os.Getenv("FTPISOCTL_LOAD") == "" {
		bar *= 2
	}
	if ratio > bar {
		t.Errorf("%s: %v are more than %.2f times %v", what, r.Ours, bar, r.Theirs)
	}
}

// rounds is how often Hold lets two programs race: a machine may be busy with something
// else for a while.
const rounds = 6

// Hold races in rounds, each given its number, until ours is within the part bar of
// theirs, and fails if that does not happen. What counts is one round, in which both met
// the same machine, or the best of ours beside the best of theirs; in long runs
// (FTPISOCTL_LOAD), beside which nothing else goes on, the latter alone.
func Hold(t testing.TB, what string, bar float64, round func(i int) Race) {
	t.Helper()
	alone := os.Getenv("FTPISOCTL_LOAD") != ""
	best := Race{time.Hour, time.Hour}
	for i := range rounds {
		one := round(i)
		best = Race{min(best.Ours, one.Ours), min(best.Theirs, one.Theirs)}
		t.Logf("%s, round %d: %v and %v, %.2f of it; the bar is %.2f", what, i, one.Ours, one.Theirs, one.ratio(), bar)
		if best.ratio() <= bar || !alone && one.ratio() <= bar {
			return
		}
	}
	t.Errorf("%s: in %d rounds never within %.2f; the best are %v and %v", what, rounds, bar, best.Ours, best.Theirs)
}

func (r Race) ratio() float64 { return r.Ours.Seconds() / r.Theirs.Seconds() }
