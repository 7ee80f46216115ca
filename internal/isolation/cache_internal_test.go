package isolation

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func numbered(n int, dir string) ldapattr.User {
	user := ldapattr.User{Root: `\\fs01\ftp$`, Dir: dir}
	binary.BigEndian.PutUint64(user.GUID[:], uint64(n))
	return user
}

// At the limit the cache starts anew, so a directory of millions does not fill
// the memory, and what it says afterwards is true.
func TestCache_isBounded(t *testing.T) {
	at := time.Unix(0, 0)
	c := newCache(time.Minute, func() time.Time { return at })
	for n := range cacheLimit {
		c.apply(numbered(n, "before"))
	}
	if got := c.apply(numbered(0, "after")).Dir; got != "before" {
		t.Errorf("below the limit: got %q, want what is kept", got)
	}
	if got := c.apply(numbered(cacheLimit, "new")).Dir; got != "new" || len(c.entries) != 1 {
		t.Errorf("at the limit: got %q and %d entries, want the new one alone", got, len(c.entries))
	}
	if got := c.apply(numbered(0, "after")).Dir; got != "after" {
		t.Errorf("beyond the limit: got %q, want what the directory says", got)
	}
}
