package output_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// Numbers stand in the order of their sizes, before all else, in whatever order they
// come: an order in which 2 < 10 < 1a < 2 would be none.
func TestPrinter_sortsNumbersBeforeTexts(t *testing.T) {
	want := ",2,10,1a,9b,a,B"
	for _, given := range []string{",2,10,1a,9b,a,B", "B,a,9b,1a,10,2,", "1a,2,10,,B,9b,a", "10,1a,2,a,B,,9b"} {
		var out bytes.Buffer
		p := output.New(output.Config{Out: &out, Format: output.TSV, Columns: []output.Column{{Title: "dir"}}, Sort: []string{"dir"}})
		for _, cell := range strings.Split(given, ",") {
			if err := p.Row(nil, cell); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(true); err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(strings.TrimSuffix(out.String(), "\n"), "\n", ","); got != want {
			t.Errorf("%s becomes %s, want %s", given, got, want)
		}
	}
}
