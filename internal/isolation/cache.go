package isolation

import (
	"strings"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// cacheLimit bounds the memory: beyond it the cache starts anew.
const cacheLimit = 20_000

// cache keeps what the directory said about a name for a while. It holds
// attributes only, never the outcome of a bind.
type cache struct {
	keep time.Duration // 0 = keep nothing
	now  func() time.Time

	mu      sync.Mutex
	entries map[string]cached
}

type cached struct {
	user  ldapattr.User
	until time.Time
}

func newCache(keep time.Duration, now func() time.Time) *cache {
	return &cache{keep: keep, now: now, entries: map[string]cached{}}
}

func (c *cache) get(name string) (ldapattr.User, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry, ok := c.entries[strings.ToLower(name)]
	if !ok || c.now().After(entry.until) {
		return ldapattr.User{}, false
	}
	return entry.user, true
}

func (c *cache) put(name string, user ldapattr.User) {
	if c.keep <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= cacheLimit {
		clear(c.entries)
	}
	c.entries[strings.ToLower(name)] = cached{user, c.now().Add(c.keep)}
}

// drop forgets every name of the user, so that a failed bind is followed by a
// fresh look whichever form the next login takes.
func (c *cache) drop(user ldapattr.User) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, entry := range c.entries {
		if entry.user.GUID == user.GUID {
			delete(c.entries, name)
		}
	}
}
