package isolation

import "time"

// SetClock makes the resolver's cache live by another clock.
func (r *Resolver) SetClock(now func() time.Time) { r.cache.now = now }
