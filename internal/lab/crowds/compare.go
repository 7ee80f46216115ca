package crowds

import (
	"testing"
	"time"
)

// Race is what two programs have taken for the same work in the same run.
type Race struct{ Ours, Theirs time.Duration }

// rounds is how often Hold lets both try: the machine is not the same from one second to the next, even with nothing
// of ours beside them.
const rounds = 6

// Hold races in rounds, each given its number, alone on the machine as far as this project decides (see Alone), until
// the best of ours is within the part bar of the best of theirs. After six rounds that it was not it fails the test.
func Hold(tb testing.TB, what string, bar float64, round func(i int) Race) {
	tb.Helper()
	defer Alone(tb)()
	best := Race{time.Hour, time.Hour}
	for i := range rounds {
		one := round(i)
		best = Race{min(best.Ours, one.Ours), min(best.Theirs, one.Theirs)}
		tb.Logf("%s, round %d: %v and %v, %.2f of it; the best %.2f, the bar %.2f", what, i, one.Ours, one.Theirs, one.ratio(), best.ratio(), bar)
		if best.ratio() <= bar {
			return
		}
	}
	tb.Errorf("%s: in %d rounds never within %.2f; the best are %v and %v", what, rounds, bar, best.Ours, best.Theirs)
}

func (r Race) ratio() float64 { return r.Ours.Seconds() / r.Theirs.Seconds() }
