package isolation

import (
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// cacheLimit bounds the memory: beyond it the cache starts anew.
const cacheLimit = 20_000

// cache keeps the two attributes of users who logged in for a while, and what the
// rules grant them, by objectGUID. Which object a name means is asked at every login, and the outcome
// of a bind is never kept.
type cache struct {
	keep time.Duration // 0 = keep nothing
	now  func() time.Time

	mu      sync.Mutex
	entries map[ldapattr.GUID]attributes
}

type attributes struct {
	root, dir string
	rights    authz.Right
	ruled     bool // rights is known
	until     time.Time
}

func newCache(keep time.Duration, now func() time.Time) *cache {
	return &cache{keep: keep, now: now, entries: map[ldapattr.GUID]attributes{}}
}

// apply returns the user with the attributes that are kept, or keeps those that
// the user has.
func (c *cache) apply(user ldapattr.User) ldapattr.User {
	if c.keep <= 0 {
		return user
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if kept, ok := c.entries[user.GUID]; ok && now.Before(kept.until) {
		user.Root, user.Dir = kept.root, kept.dir
		return user
	}
	if len(c.entries) >= cacheLimit {
		clear(c.entries)
	}
	c.entries[user.GUID] = attributes{root: user.Root, dir: user.Dir, until: now.Add(c.keep)}
	return user
}

// rights returns what the rules were found to grant.
func (c *cache) rights(user ldapattr.User) (rights authz.Right, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, ok := c.entries[user.GUID]
	return kept.rights, ok && kept.ruled && c.now().Before(kept.until)
}

// keepRights keeps them for as long as the user's attributes.
func (c *cache) keepRights(user ldapattr.User, rights authz.Right) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept, ok := c.entries[user.GUID]; ok {
		kept.rights, kept.ruled = rights, true
		c.entries[user.GUID] = kept
	}
}

// drop forgets the user, so that a failed bind is followed by a fresh look.
func (c *cache) drop(user ldapattr.User) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, user.GUID)
}
