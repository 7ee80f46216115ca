package shares

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// What an inspection cannot tell ends no visit, and is not taken for passed either.
func TestReport_inspect(t *testing.T) {
	for _, test := range []struct {
		err     error
		want    Step
		goesOn  bool
		refused bool
	}{
		{nil, Step{Name: "rights", Detail: "all"}, true, false},
		{fmt.Errorf("%w: %w", ErrNotKnown, winerr.AccessDenied), Step{Name: "rights", Detail: "not known: " + winerr.AccessDenied.Error(), Unknown: true}, true, false},
		{winerr.AccessDenied, Step{Name: "rights", Detail: "all"}, false, true},
	} {
		var r Report
		goesOn := r.inspect(Inspection{Name: "rights"}, func(Inspection) (string, error) { return "all", test.err })
		got := r.Steps[0]
		if refused := errors.Is(got.Err, winerr.AccessDenied); goesOn != test.goesOn || refused != test.refused || (r.Failed() != nil) != refused {
			t.Errorf("%v: goes on %v, %+v", test.err, goesOn, got)
		}
		if got.Err, got.Took = nil, 0; got != test.want {
			t.Errorf("%v: got %+v, want %+v", test.err, got, test.want)
		}
	}
}
