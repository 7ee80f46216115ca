package audit

import (
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// withdrawFixes takes away what would repair one finding by making another: values
// whose home somebody else has already, or that lies inside or around another one.
func (r *run) withdrawFixes() {
	reached := r.crowd.Reached(&r.o.Settings)
	taken := map[string]string{} // places that fixes lead to, with the account
	for i := range r.findings {
		f := &r.findings[i]
		if f.Fix == nil || f.Fix.After == (FixValues{}) {
			continue
		}
		home, err := homedir.New(f.Fix.After.Root, f.Fix.After.Dir)
		if err != nil {
			f.Fix = nil
			continue
		}
		key := keyOf(home.Location(), r.o.Settings.Aliases)
		other, is := taken[key], false
		if other == "" || other == f.GUID {
			other, is = r.crowd.occupant(key, f.GUID)
			if !is && reached != nil {
				other, is = reached.occupant(reached.reach(home.Location()), f.GUID)
			}
		} else {
			other, is = "another account whose values are to be repaired", true
		}
		if is {
			f.Fix = nil
			f.Evidence = append(f.Evidence, Evidence{"not repaired by a plan", "the home would then be shared with " + other})
			continue
		}
		taken[key] = f.GUID
	}
}

// occupant returns the login of an account, but for one, with a home at a key, below it
// or above it. The index is sorted.
func (c *Crowd) occupant(key, but string) (login string, found bool) {
	at := func(key string) int {
		i, _ := slices.BinarySearchFunc(c.places, key, func(p Place, key string) int { return strings.Compare(p.Key, key) })
		return i
	}
	for i := at(key); i < len(c.places) && strings.HasPrefix(c.places[i].Key, key); i++ {
		if p := &c.places[i]; p.GUID != but && !p.Declared {
			return p.Login, true
		}
	}
	for above := key; ; {
		cut := strings.LastIndexByte(above[:len(above)-1], 0)
		if cut < 0 {
			return "", false
		}
		above = above[:cut+1]
		for i := at(above); i < len(c.places) && c.places[i].Key == above; i++ {
			if p := &c.places[i]; p.GUID != but && !p.Declared {
				return p.Login, true
			}
		}
	}
}
