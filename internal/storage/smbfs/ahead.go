package smbfs

import (
	"io"
	"slices"
)

// readAhead gives the octets of a file in their order, and has the server read on
// meanwhile. One goroutine uses it.
type readAhead struct {
	do      request
	size    int64    // of the file when it was opened; beyond it nothing is asked for ahead
	next    int64    // place of the next request
	pieces  []*piece // under way, in order
	current []byte   // what came last
	rest    []byte   // of it
	window  window
	end     error // what follows the rest, once that is known
}

// Read gives octets of one piece.
func (r *readAhead) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.end != nil {
			return 0, r.end
		}
		r.turn()
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// turn takes the next piece in place of the current one.
func (r *readAhead) turn() {
	free(r.current)
	r.ask()
	p := r.pieces[0]
	r.pieces = slices.Delete(r.pieces, 0, 1)
	r.window.learn(p.wait(), p.took)
	r.current, r.rest = p.octets, p.octets[:p.n]
	reached := p.at + int64(p.n)
	switch {
	case p.n == len(p.octets):
		r.ask()
	case p.n == 0 && p.err != nil:
		r.end = p.err
	case p.n == 0, reached >= r.size:
		r.end = io.EOF
	default: // less than there was; what has been asked for behind it may not follow
		r.drop()
		r.next = reached
	}
}

// ask has as many requests under way as the window allows. Where the end should be
// it asks for one octet more, so that a short answer tells the end.
func (r *readAhead) ask() {
	for len(r.pieces) == 0 || r.next < r.size && len(r.pieces) < r.window.size {
		length := int64(chunk)
		if left := r.size - r.next; left >= 0 {
			length = min(length, left+1)
		}
		r.pieces = append(r.pieces, begin(r.do, room(int(length)), r.next))
		r.next += length
	}
}

// drop waits for what is under way: the library can take back no request without
// leaving the server's answer to it behind.
func (r *readAhead) drop() {
	for _, p := range r.pieces {
		p.wait()
		free(p.octets)
	}
	r.pieces = nil
}

// close leaves no request behind. Reading then ends with err.
func (r *readAhead) close(err error) {
	r.drop()
	free(r.current)
	r.current, r.rest, r.end = nil, nil, err
}
