package admission

import (
	"net/netip"
	"time"
)

// Failures is IIS's denyByFailure (Microsoft,
// system.ftpServer/security/authentication/denyByFailure).
type Failures struct {
	Max         int           // failed logins after which an address is blocked; 0: never
	Memory      time.Duration // entryExpiration: how long after the last one; 0: nothing is remembered
	LoggingOnly bool          // tell it, and block nobody
}

// failure is what is remembered of an address.
type failure struct {
	count int
	at    time.Time // of the last one
}

// failures remembers addresses. The zero failure is one that never failed.
type failures struct {
	last map[netip.Prefix]failure
}

// maxRemembered bounds the memory against guesses from very many addresses; beyond
// it any other one is forgotten for a new one.
const maxRemembered = 65536

func (f *failures) of(from netip.Prefix, now time.Time, memory time.Duration) failure {
	known := f.last[from]
	if known.count > 0 && now.Sub(known.at) >= memory {
		delete(f.last, from)
		return failure{}
	}
	return known
}

func (f *failures) add(from netip.Prefix, now time.Time, memory time.Duration) failure {
	known := f.of(from, now, memory)
	if known.count == 0 && len(f.last) >= maxRemembered {
		f.makeRoom(now, memory)
	}
	known.count++
	known.at = now
	f.last[from] = known
	return known
}

// makeRoom forgets some entries, expired ones for certain. It looks at a few only:
// somebody waits for the answer.
func (f *failures) makeRoom(now time.Time, memory time.Duration) {
	const few = 32
	seen := 0
	for from, known := range f.last {
		if now.Sub(known.at) >= memory || seen == 0 {
			delete(f.last, from)
		}
		if seen++; seen == few {
			return
		}
	}
}

func (f Failures) blocks(known failure) bool { return !f.LoggingOnly && reached(known.count, f.Max) }

// Failed tells of a refused login. It returns how many there were lately from the
// same address, this one included, and whether the connection has to end: the
// address is blocked now.
func (v *Visit) Failed() (recent int, over bool) {
	if v == nil {
		return 0, false
	}
	g := v.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	rule := g.cfg.Failures
	if rule.Memory <= 0 {
		return 0, false
	}
	known := g.failures.add(v.from, g.now(), rule.Memory)
	if _, listed := g.cfg.Networks.admits(v.client); listed {
		return known.count, false
	}
	if known.count == rule.Max {
		g.cfg.Log.Warn("too many failed logins", "address", v.from.String(), "failures", known.count,
			"for", rule.Memory, "blocked", !rule.LoggingOnly)
	}
	return known.count, rule.blocks(known)
}
