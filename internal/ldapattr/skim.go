package ldapattr

import "sync"

// skim takes the entries of a search out of what arrives before go-ldap sees them. It
// would take so long to decode a page that the domain controller had nothing to do
// meanwhile: the next page can only be asked for when this one has ended.
type skim struct {
	mu      sync.Mutex
	partial []byte // of a message
	rest    []byte // messages that are no entries: go-ldap's
	entries []byte // whole messages, one after the other
	err     error  // what arrives is no LDAP
}

// take reads messages out of what has arrived.
func (s *skim) take(octets []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.partial = append(s.partial, octets...)
	done := 0
	for s.err == nil {
		size, entry, err := nextMessage(s.partial[done:])
		if err != nil {
			s.err = err
		}
		if size == 0 || err != nil || done+size > len(s.partial) {
			break
		}
		message := s.partial[done : done+size]
		if entry {
			s.entries = append(s.entries, message...)
		} else {
			s.rest = append(s.rest, message...)
		}
		done += size
	}
	s.partial = append(s.partial[:0], s.partial[done:]...)
}

// give hands go-ldap what is its own. The error follows what came before it.
func (s *skim) give(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := copy(p, s.rest)
	s.rest = append(s.rest[:0], s.rest[n:]...)
	if n == 0 {
		return 0, s.err
	}
	return n, nil
}

// page returns the entries that have come since the last call.
func (s *skim) page() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := s.entries
	s.entries = nil
	return entries
}

// nextMessage returns how long the message at the beginning is, 0 when too little is
// there to tell, and whether it is an entry of a search.
func nextMessage(p []byte) (size int, entry bool, err error) {
	const sequence, integer, searchEntry = 0x30, 0x02, 0x64
	message, err := head(p, sequence)
	if err != nil || message.size == 0 {
		return 0, false, err
	}
	id, err := head(p[message.start:], integer)
	if err != nil || id.size == 0 {
		return 0, false, err
	}
	if op := message.start + id.size; op < message.size {
		if op >= len(p) {
			return 0, false, nil
		}
		entry = p[op] == searchEntry
	}
	return message.size, entry, nil
}

// element is where an element of BER has its content, and how long it is as a whole.
type element struct{ start, size int }

// head reads tag and length at the beginning of p. The size is 0 when too little is
// there to tell; what cannot be a message of ours is an error.
func head(p []byte, tag byte) (element, error) {
	const long = 0x80
	if len(p) < 2 {
		return element{}, nil
	}
	length, start := int(p[1]), 2
	if p[0] != tag || length == long || length > long+4 {
		return element{}, errOddAnswer
	}
	if length > long {
		digits := length - long
		if len(p) < start+digits {
			return element{}, nil
		}
		length = 0
		for _, digit := range p[start : start+digits] {
			length = length<<8 | int(digit)
		}
		start += digits
	}
	if length > maxPDU {
		return element{}, errTooMuch
	}
	return element{start, start + length}, nil
}
