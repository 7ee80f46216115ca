package audit

import (
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// Crowd is what is kept of all accounts until the last one has been read.
type Crowd struct {
	accounts int
	broken   int                           // accounts with a value and without a valid home
	places   []Place                       // homes, sorted when all are there
	names    map[string][]Name             // by logon name in one case: only of those that may collide
	sample   *Account                      // the first account with a home
	parents  map[string]Object             // by DN of a container, the first account with a home in it
	users    []ldapattr.User               // those with a home, if a survey is to visit them
	atlas    *atlas                        // what it found; nil: there was none
	reach    func(homedir.Location) string // the keys that places have, where Reached has made them
}

// Name is an account under one of its logon names.
type Name struct {
	Object
	UPN  string
	Home bool // it has one of the two attributes
}

func newCrowd() *Crowd {
	return &Crowd{names: map[string][]Name{}, parents: map[string]Object{}}
}

// add keeps what the rules about all need of one account.
func (c *Crowd) add(a *Account, s *Settings) {
	c.accounts++
	object := objectOf(a)
	c.addNames(a, object)
	if a.HomeErr != nil {
		if HasValues(a) {
			c.broken++
		}
		return
	}
	location := a.Home.Location()
	place := Place{Object: object, Location: location, Home: FixValues{a.Root, a.Dir}, Key: keyOf(location, s.Aliases)}
	for _, shared := range s.Shared {
		if l, err := homedir.ParseLocation(shared.Place); err == nil && keyOf(l, s.Aliases) == place.Key {
			place.Declared, place.Shared = true, strings.TrimSpace(shared.Reason)
		}
	}
	c.places = append(c.places, place)
	if s.visits {
		c.users = append(c.users, a.User)
	}
	if c.sample == nil {
		kept := *a
		c.sample = &kept
	}
	if parent := parentOf(a.DN); parent != "" {
		if _, known := c.parents[parent]; !known {
			c.parents[parent] = object
		}
	}
}

// addNames keeps an account under the names by which it could be meant.
func (c *Crowd) addNames(a *Account, object Object) {
	name := Name{Object: object, UPN: a.UPN, Home: HasValues(a)}
	sam := winpath.Fold(a.SAMAccountName)
	c.names[sam] = append(c.names[sam], name)
	if prefix, _, ok := strings.Cut(a.UPN, "@"); ok && winpath.Fold(prefix) != sam {
		c.names[winpath.Fold(prefix)] = append(c.names[winpath.Fold(prefix)], name)
	}
}

// Places yields every home, same and nested ones side by side.
func (c *Crowd) Places(yield func(*Place) bool) {
	for i := range c.places {
		if !yield(&c.places[i]) {
			return
		}
	}
}

// At returns the accounts whose home is a place. It is part of the index.
func (c *Crowd) At(l homedir.Location, s *Settings) []Place {
	key := keyOf(l, s.Aliases)
	first, _ := slices.BinarySearchFunc(c.places, key, func(p Place, key string) int { return strings.Compare(p.Key, key) })
	last := first
	for last < len(c.places) && c.places[last].Key == key {
		last++
	}
	return c.places[first:last:last]
}

// Broken returns how many accounts have one of the attributes and no valid home: no
// rule about places can judge them.
func (c *Crowd) Broken() int { return c.broken }

// HasValues reports whether an account has one of the two attributes.
func HasValues(a *Account) bool { return a.Root != "" || a.Dir != "" }

// Sample returns an account with a home, nil when nobody has one.
func (c *Crowd) Sample() *Account { return c.sample }

// Parents yields the containers of accounts with homes, and one account of each.
func (c *Crowd) Parents(yield func(dn string, one Object) bool) {
	for dn, one := range c.parents {
		if !yield(dn, one) {
			return
		}
	}
}

// Collisions yields each logon name that could mean more than one account, in order.
func (c *Crowd) Collisions(yield func(name string, all []Name) bool) {
	var several []string
	for name, all := range c.names {
		if len(all) > 1 {
			several = append(several, name)
		}
	}
	slices.Sort(several)
	for _, name := range several {
		if !yield(name, c.names[name]) {
			return
		}
	}
}

// Host returns what a survey has found out about the file server of a home; false
// where nobody asked.
func (c *Crowd) Host(p *Place) (Host, bool) {
	if c.atlas == nil {
		return Host{}, false
	}
	host, known := c.atlas.hosts[serverOf(p.Location)]
	return host, known
}

// Spot numbers the directories that a survey told apart: homes with the same number
// are one directory, whatever their names. It is false where nobody asked.
func (c *Crowd) Spot(p *Place) (int, bool) {
	if c.atlas == nil {
		return 0, false
	}
	spot, known := c.atlas.spots[p.Key]
	return spot, known
}

func objectOf(a *Account) Object {
	return Object{GUID: a.GUID.String(), SID: a.SID, DN: a.DN, Login: a.SAMAccountName, Domain: a.DNSDomain}
}

// parentOf returns what stands behind the first comma of a DN that is not escaped.
func parentOf(dn string) string {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			return dn[i+1:]
		}
	}
	return ""
}
