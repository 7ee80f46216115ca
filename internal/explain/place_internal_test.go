package explain

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// Rights that nobody could compute are unknown, and not in order; they are said once.
func TestStory_rightsThatAreNotKnown(t *testing.T) {
	for _, test := range []struct {
		last shares.Step
		want Result
	}{
		{shares.Step{Name: "rights", Detail: "all"}, Passed},
		{shares.Step{Name: "rights", Detail: "not known: no answer", Unknown: true}, Unknown},
	} {
		e := &explanation{walk: shares.Report{Steps: []shares.Step{{Name: "allowed"}, {Name: "name"}, {Name: "directory"}, test.last}}}
		story{e}.way(isolation.Step{})
		got := e.report.Steps[len(e.report.Steps)-1]
		if len(e.report.Steps) != 3 || got.Name != "rights" || got.Result != test.want || got.Evidence != test.last.Detail || e.report.Failed() != nil {
			t.Errorf("got %+v", e.report.Steps)
		}
	}
}
