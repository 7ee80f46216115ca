package audit

import "slices"

// Reached returns the homes again, with the place that the configuration leads to for
// each as Key; nil if it leads nowhere else.
func (c *Crowd) Reached(s *Settings) *Crowd {
	if s.Reach == nil {
		return nil
	}
	behind := &Crowd{places: slices.Clone(c.places)}
	moved := false
	for i := range behind.places {
		p := &behind.places[i]
		key := keyOf(s.Reach(p.Location), s.Aliases)
		moved = moved || key != p.Key
		p.Key = key
	}
	if !moved {
		return nil
	}
	sortPlaces(behind.places)
	return behind
}
