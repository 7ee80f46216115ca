package ldapattr

import (
	"net"
	"sync/atomic"
)

// tap stands between a connection and go-ldap, which has no way to send a request
// without a goroutine that waits for its answer. While a window is open go-ldap has
// nothing to say, and all answers are the window's.
type tap struct {
	net.Conn
	open  atomic.Pointer[window]
	skim  atomic.Pointer[skim] // takes entries; nil: go-ldap has them
	ended atomic.Pointer[error]
	next  int64 // message identifier, counted from firstID
}

// firstID is far from go-ldap's own message identifiers, which count from one.
const firstID = 1 << 24

// Read gives go-ldap what arrives outside of windows, and is left by a skim.
func (t *tap) Read(p []byte) (int, error) {
	for {
		n, err := t.skimmed(p)
		w := t.open.Load() // now: this call may have begun before the window
		if w == nil && err == nil {
			return n, nil
		}
		if w != nil && n > 0 {
			if odd := w.take(p[:n]); odd != nil {
				err = odd
			}
			n = 0
		}
		if err != nil {
			t.ended.Store(&err)
			if w = t.open.Load(); w != nil {
				w.end(err)
			}
			return n, err
		}
	}
}

// skimmed reads what the skim leaves, or just reads.
func (t *tap) skimmed(p []byte) (int, error) {
	for {
		if s := t.skim.Load(); s != nil {
			if n, err := s.give(p); n > 0 || err != nil {
				return n, err
			}
		}
		n, err := t.Conn.Read(p)
		s := t.skim.Load() // now: this call may have begun before the skim
		if s == nil {
			return n, err
		}
		s.take(p[:n])
		if err != nil {
			left, _ := s.give(p)
			return left, err
		}
	}
}

// begin opens a window. Nobody else may use the connection until finish.
func (t *tap) begin(w *window) {
	w.first = firstID + t.next
	t.next += int64(len(w.jobs))
	t.open.Store(w)
	if ended := t.ended.Load(); ended != nil {
		w.end(*ended) // nobody reads any more
	}
}

// finish gives the connection back to go-ldap.
func (t *tap) finish() { t.open.Store(nil) }
