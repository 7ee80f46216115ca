package cli

import (
	"slices"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// People see what is used, and a quota where there is one.
func TestSummaryCells(t *testing.T) {
	const gib = 1 << 30
	counts := survey.Counts{Homes: 2, Users: 3, Passed: 1, NotChecked: 1}
	for _, tt := range []struct {
		name  string
		share survey.Share
		want  []string // from the place on
	}{
		{"a quota", survey.Share{Space: &survey.Space{Total: 10 * gib, Free: 4 * gib, Left: gib}, Expected: 2 * gib}, []string{"6.0 GiB", "4.0 GiB", "1.0 GiB", "2.0 GiB", ""}},
		{"none", survey.Share{Space: &survey.Space{Total: 10 * gib, Free: 4 * gib, Left: 4 * gib}}, []string{"6.0 GiB", "4.0 GiB", "", "", ""}},
		{"more free than there is", survey.Share{Space: &survey.Space{Total: gib, Free: 4 * gib, Left: 4 * gib}}, []string{"0 B", "4.0 GiB", "", "", ""}},
		{"nothing is known", survey.Share{}, []string{"", "", "", "", ""}},
	} {
		tt.share.Counts = counts
		if got, want := summaryCells(shareRecord(&tt.share)), append([]string{"", "2", "3", "1", "0", "1"}, tt.want...); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, want)
		}
	}
}
