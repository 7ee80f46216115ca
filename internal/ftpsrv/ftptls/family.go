package ftptls

import (
	"crypto/tls"
	"net"
	"net/netip"
	"sync"
	"time"
)

// mark is what tells the tickets of control connections apart.
type mark struct{ id, family [16]byte }

// extra is how a ticket carries the mark.
func (m mark) extra() [][]byte { return [][]byte{m.id[:], m.family[:]} }

// markOf reads the mark of a ticket.
func markOf(state *tls.SessionState) (m mark, ok bool) {
	if len(state.Extra) != 2 || len(state.Extra[0]) != len(m.id) || len(state.Extra[1]) != len(m.family) {
		return mark{}, false
	}
	return mark{[16]byte(state.Extra[0]), [16]byte(state.Extra[1])}, true
}

// families knows which sessions are those of one client with one memory for tickets,
// such as curl -Z and rclone, which use any of their tickets on any data connection.
// Such a client shows a ticket on its control connections, too, as soon as it has one:
// sessions that have resumed each other are a family, and so are those of one address
// that had no ticket yet when they began, because none of them had been given one.
type families struct {
	mu       sync.Mutex
	founders map[[16]byte]*founder
	oldest   [][16]byte
}

// maxFounders bounds what is remembered. Of a family that is forgotten no ticket is
// good but the session's own.
const maxFounders = 4096

// founder is a session that has resumed no other. Its client has read the ticket by the
// time it is settled, which is zero before.
type founder struct {
	from           netip.Addr
	begun, settled time.Time
}

// found notes a new family.
func (f *families) found(m mark, from net.Addr, begun time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.founders == nil {
		f.founders = make(map[[16]byte]*founder)
	}
	if len(f.oldest) == maxFounders {
		delete(f.founders, f.oldest[0])
		f.oldest = f.oldest[1:]
	}
	f.founders[m.id], f.oldest = &founder{from: host(from), begun: begun}, append(f.oldest, m.id)
}

// settle notes that the founder's client must have its ticket by now.
func (f *families) settle(id [16]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known := f.founders[id]; known != nil && known.settled.IsZero() {
		known.settled = time.Now()
	}
}

// related reports whether two sessions have, as far as can be seen, one client.
func (f *families) related(a, b mark) bool {
	if a.family == b.family {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	one, other := f.founders[a.family], f.founders[b.family]
	return one != nil && other != nil && one.from == other.from && one.before(other) && other.before(one)
}

// before reports whether the session began when the other one's client had no ticket.
func (f *founder) before(other *founder) bool {
	return other.settled.IsZero() || f.begun.Before(other.settled)
}

func host(addr net.Addr) netip.Addr {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
