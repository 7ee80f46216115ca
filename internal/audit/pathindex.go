package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// Place is the home of one account in the index of all.
type Place struct {
	Object
	Location homedir.Location
	Home     FixValues // the attributes as they are
	Key      string    // one spelling for all spellings: components with a NUL behind each
	Shared   string    // the reason why several may have it, where Settings says so
	Declared bool      // Settings says that several may have it
}

// WholeShare reports whether the home is a share, or a volume, as a whole.
func (p *Place) WholeShare() bool { return p.Location.Path() == "" }

// keyOf returns one text for all spellings of a place, in which whatever lies below
// begins with what lies above it, and \home\joe is not above \home\joey. A host is
// written as aliases say it is called.
func keyOf(l homedir.Location, aliases map[string]string) string {
	var key strings.Builder
	host := strings.ToLower(l.Server())
	if other, ok := aliases[host]; ok {
		host = other
	}
	fold := winpath.Fold
	if l.Kind() == homedir.KindPOSIX {
		fold = func(name string) string { return name }
	}
	for _, part := range []string{string('0' + rune(l.Kind())), host, winpath.Fold(l.Share())} {
		key.WriteString(part + "\x00")
	}
	if path := l.Path(); path != "" {
		for name := range strings.SplitSeq(path, "/") {
			key.WriteString(fold(name) + "\x00")
		}
	}
	return key.String()
}

// sortPlaces puts what lies below behind what lies above it, and same homes side by
// side: then one pass with a stack finds all that overlap, in O(n log n).
func sortPlaces(places []Place) {
	slices.SortFunc(places, func(a, b Place) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(a.Login, b.Login), strings.Compare(a.GUID, b.GUID))
	})
}

// Overlaps yields each distinct home with the accounts that have it, in order, and
// the accounts of the nearest home above it that somebody has, nil when there is
// none. The slices are parts of the index.
func (c *Crowd) Overlaps(yield func(same, above []Place) bool) {
	var stack [][]Place
	for rest := c.places; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Key == rest[0].Key {
			n++
		}
		same := rest[:n:n]
		rest = rest[n:]
		for len(stack) > 0 && !strings.HasPrefix(same[0].Key, stack[len(stack)-1][0].Key) {
			stack = stack[:len(stack)-1]
		}
		var above []Place
		if len(stack) > 0 {
			above = stack[len(stack)-1]
		}
		if !yield(same, above) {
			return
		}
		stack = append(stack, same)
	}
}
