package ftptls

import "sync"

// sessionID is in every ticket of a control connection's session.
type sessionID [16]byte

// logins tells who is logged in on which control connection. The zero value is ready.
type logins struct {
	mu    sync.Mutex
	users map[sessionID]string
}

// Belongs tells whose session this is from now on; "" is nobody's, which it has to be
// in the end.
func (s *Session) Belongs(user string) {
	l := &s.layer.logins
	l.mu.Lock()
	defer l.mu.Unlock()
	if user == "" {
		delete(l.users, s.id)
		return
	}
	if l.users == nil {
		l.users = make(map[sessionID]string)
	}
	l.users[s.id] = user
}

// strangers reports whether a ticket is of a session with another login. Of one that
// has ended, or has no login yet, nobody can say so.
func (l *logins) strangers(s *Session, extra [][]byte) bool {
	if len(extra) != 1 || len(extra[0]) != len(s.id) {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	user, known := l.users[sessionID(extra[0])]
	return known && user != l.users[s.id]
}
