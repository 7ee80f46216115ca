package audit

import (
	"maps"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// Reached returns the homes again, with where each really is as Key: behind what the
// configuration leads elsewhere, and with one name for all names of a file server, as
// far as a survey has met it. It is nil where nothing of that is known.
func (c *Crowd) Reached(s *Settings) *Crowd {
	if s.Reach == nil && c.atlas == nil {
		return nil
	}
	reach := s.Reach
	if reach == nil {
		reach = func(l homedir.Location) homedir.Location { return l }
	}
	machines := maps.Clone(s.Aliases)
	if machines == nil {
		machines = map[string]string{}
	}
	for i := range c.places {
		p := &c.places[i]
		l := reach(p.Location)
		host, known := c.Host(p)
		// Not the GUID: the names of a cluster have the one of the machine, and shares of their own.
		id := strings.Join(slices.Sorted(slices.Values(host.Addresses)), " ")
		if known && id != "" && l.Kind() == homedir.KindUNC {
			machines[strings.ToLower(l.Server())] = id
		}
	}
	behind := &Crowd{places: slices.Clone(c.places), reach: func(l homedir.Location) string { return keyOf(reach(l), machines) }}
	for i := range behind.places {
		behind.places[i].Key = behind.reach(behind.places[i].Location)
	}
	sortPlaces(behind.places)
	return behind
}
