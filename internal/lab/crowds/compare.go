package crowds

import (
	"testing"
	"time"
)

// Race is what two programs have taken for the same work in the same run.
type Race struct{ Ours, Theirs time.Duration }

// rounds is how often Hold lets both try at least, and enough how long: the machine is not the same from one second to
// the next, even with nothing of ours beside them.
const (
	rounds = 6
	enough = 10 * time.Second
)

// Hold races in rounds, each given its number, alone on the machine as far as this project decides (see Alone), until
// the best of ours is within the part bar of the best of theirs. If it is not after six rounds, or more where six take
// less than ten seconds, it fails the test.
func Hold(tb testing.TB, what string, bar float64, round func(i int) Race) {
	tb.Helper()
	defer Alone(tb)()
	best := Race{time.Hour, time.Hour}
	var spent time.Duration
	for i := 0; i < rounds || spent < enough; i++ {
		one := round(i)
		spent += one.Ours + one.Theirs
		best = Race{min(best.Ours, one.Ours), min(best.Theirs, one.Theirs)}
		tb.Logf("%s, round %d: %v and %v, %.2f of it; the best %.2f, the bar %.2f", what, i, one.Ours, one.Theirs, one.ratio(), best.ratio(), bar)
		if best.ratio() <= bar {
			return
		}
	}
	tb.Errorf("%s: never within %.2f; the best are %v and %v", what, bar, best.Ours, best.Theirs)
}

func (r Race) ratio() float64 { return r.Ours.Seconds() / r.Theirs.Seconds() }
