package crowds_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
)

// verdict takes the place of a test that Hold judges.
type verdict struct {
	testing.TB
	failed bool
}

func (v *verdict) Helper()               {}
func (v *verdict) Logf(string, ...any)   {}
func (v *verdict) Errorf(string, ...any) { v.failed = true }

// The best of both counts, and the first rounds that are good enough are the last.
func TestHold(t *testing.T) {
	t.Setenv("FTPISOCTL_ALONE", "")
	const unit = time.Second / 10
	for _, c := range []struct {
		ours, theirs []int // tenths of a second
		failed       bool
		rounds       int
	}{
		{[]int{11}, []int{10}, false, 1},
		{[]int{2, 2, 2, 2, 2, 2, 2, 1}, []int{1, 1, 1, 1, 1, 1, 1, 1}, false, 8}, // short ones are tried more often
		{[]int{20, 10}, []int{10, 20}, false, 2},
		{[]int{120, 120, 120, 120, 120, 110}, []int{100, 110, 120, 130, 140, 150}, false, 6},
		{[]int{120, 120, 120, 120, 120, 120}, []int{100, 110, 120, 130, 140, 150}, true, 6}, // good in rounds of theirs that were not their best
	} {
		t.Run(fmt.Sprint(c.ours), func(t *testing.T) {
			got, ran := &verdict{TB: t}, 0
			crowds.Hold(got, "work", 1.1, func(i int) crowds.Race {
				ran++
				return crowds.Race{Ours: time.Duration(c.ours[i]) * unit, Theirs: time.Duration(c.theirs[i]) * unit}
			})
			if got.failed != c.failed || ran != c.rounds {
				t.Errorf("failed %v after %d rounds, want %v after %d", got.failed, ran, c.failed, c.rounds)
			}
		})
	}
}
