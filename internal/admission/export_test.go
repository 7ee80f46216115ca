package admission

import "time"

// SetClock gives the gate another clock.
func (g *Gate) SetClock(now func() time.Time) { g.now = now }

// Remembered is how many addresses the gate remembers failures of.
func (g *Gate) Remembered() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.failures.last)
}

// MaxRemembered is the bound of it.
const MaxRemembered = maxRemembered

// Sources is how many addresses have a connection.
func (g *Gate) Sources() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.sources) + len(g.users)
}
