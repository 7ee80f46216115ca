package survey

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// tree lists folders by their paths; one that it does not have is closed.
func tree(folders map[string][]neighbour) lister {
	return func(folder string) iter.Seq2[neighbour, error] {
		return func(yield func(neighbour, error) bool) {
			list, there := folders[folder]
			for _, one := range list {
				if !yield(one, nil) {
					return
				}
			}
			if !there {
				yield(neighbour{}, winerr.AccessDenied)
			}
		}
	}
}

func TestMeasureHome(t *testing.T) {
	folder, file := func(name string) neighbour { return neighbour{name: name, dir: true} }, func(size int64) neighbour { return neighbour{name: "f", size: size} }
	var many []neighbour
	for i := range mostInHome + 1 {
		many = append(many, neighbour{name: fmt.Sprint(i), size: 1})
	}
	for name, tt := range map[string]struct {
		folders map[string][]neighbour
		step    time.Duration // how long each question takes
		want    Extent
	}{
		"deep":         {map[string][]neighbour{"al": {file(3), folder("a")}, "al/a": {folder("b"), file(4)}, "al/a/b": {file(5)}}, 0, Extent{Size: 12, Files: 3}},
		"empty":        {map[string][]neighbour{"al": {}}, 0, Extent{}},
		"a closed one": {map[string][]neighbour{"al": {folder("a"), file(4)}}, 0, Extent{Size: 4, Files: 1, Partly: true}},
		"nonsense":     {map[string][]neighbour{"al": {file(-4)}}, 0, Extent{Files: 1}},
		"many":         {map[string][]neighbour{"al": many}, 0, Extent{Size: mostInHome, Files: mostInHome, Partly: true}},
		"slow":         {map[string][]neighbour{"al": many}, time.Second, Extent{Size: 5, Files: 5, Partly: true}},
		"a loop":       {map[string][]neighbour{"al": {folder("."), file(1)}}, 0, Extent{Size: mostInHome / 2, Files: mostInHome / 2, Partly: true}},
	} {
		at := time.Unix(0, 0)
		now := func() time.Time { at = at.Add(tt.step); return at }
		got, err := measureHome("al", tree(tt.folders), now)
		if got != tt.want || (err != nil) != (name == "a closed one") {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, tt.want)
		}
	}
}
