package prepare

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// place is the home of one user, and what was found there.
type place struct {
	user     ldapattr.User
	location homedir.Location
	way      shares.Way
	key      string // of the server

	found *spot // nil: nothing is there
	above int   // how many folders above it are missing
	base  *spot // the nearest folder that is there
	err   error // why nobody knows, or why it cannot be
}

// gather finds the distinct homes of users. What is no home, or is that of somebody
// else already, is refused.
func gather(sites *Sites, users iter.Seq[ldapattr.User], p *Plan) []*place {
	var places []*place
	known := map[string]string{}
	for user := range users {
		one := &place{user: user}
		home, err := user.Home()
		if err == nil {
			one.location = home.Location()
			one.way, err = sites.way(one.location)
		}
		if err == nil {
			name := spelling(one.way)
			switch other := known[name]; other {
			case "":
				known[name] = user.SID
			case user.SID:
				continue
			default:
				err = fmt.Errorf("%s is the home of somebody else, too; give each user a directory of their own", one.location)
			}
		}
		if err != nil {
			p.refuse(Refusal{user.DownLevelName(), one.location, err})
			continue
		}
		one.key = serverKey(one.way.Volume())
		places = append(places, one)
	}
	// Folders come before what is in them; neighbours stay together.
	slices.SortStableFunc(places, func(a, b *place) int {
		return cmp.Or(cmp.Compare(depth(a.way), depth(b.way)), cmp.Compare(spelling(a.way), spelling(b.way)))
	})
	return places
}

// spelling is the same for all spellings of a way.
func spelling(way shares.Way) string { return spelled(way, way.Below()) }

// spelled is the spelling of another path of the volume.
func spelled(way shares.Way, below string) string {
	if way.Volume().Kind() != homedir.KindPOSIX {
		below = winpath.Fold(below)
	}
	return way.Volume().Key() + "\x00" + below
}

// depth is how many folders are above a place in its volume.
func depth(way shares.Way) int { return strings.Count(way.Below(), "/") }

// outward is the path some folders further up.
func outward(path string, steps int) string {
	for range steps {
		path = parent(path)
	}
	return path
}
