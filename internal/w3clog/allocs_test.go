//go:build !race

package w3clog_test

import (
	"io"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

// Not under the race detector, which empties pools at random.
func TestWriter_allocatesNothingPerRow(t *testing.T) {
	w, err := w3clog.NewWriter(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(200, func() { _ = w.Write(full()) }); n != 0 {
		t.Errorf("%v allocations a row", n)
	}
}
