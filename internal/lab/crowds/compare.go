package crowds

import (
	"math"
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

// Hold races in rounds, each given its number, until ours is within the part bar of
// theirs. In an ordinary run, where other things go on beside it on two cores, three rounds
// are enough, each of them counts for itself, and only twice the bar is an error; in long
// runs (FTPISOCTL_LOAD), beside which nothing goes on, the best of ours must be within the
// bar of the best of theirs after six.
func Hold(t testing.TB, what string, bar float64, round func(i int) Race) {
	t.Helper()
	rounds, limit, alone := 3, 2*bar, false
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		rounds, limit, alone = 6, bar, true
	}
	best, least := Race{time.Hour, time.Hour}, math.Inf(1)
	for i := range rounds {
		one := round(i)
		best = Race{min(best.Ours, one.Ours), min(best.Theirs, one.Theirs)}
		if least = min(least, one.ratio()); alone {
			least = best.ratio()
		}
		t.Logf("%s, round %d: %v and %v, %.2f of it; the bar is %.2f", what, i, one.Ours, one.Theirs, one.ratio(), bar)
		if least <= bar {
			return
		}
	}
	if least > limit {
		t.Errorf("%s: in %d rounds never within %.2f; the best are %v and %v", what, rounds, limit, best.Ours, best.Theirs)
	}
}

func (r Race) ratio() float64 { return r.Ours.Seconds() / r.Theirs.Seconds() }
